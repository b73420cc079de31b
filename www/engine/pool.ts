import * as Comlink from 'comlink';
import { compiledModule } from './module.ts';
import { carryErrorCodes, errorCode, errorMessage } from './protocol.ts';
import type { Job, Outcome, Runner } from './runner-protocol.ts';
import { startWorker } from './start-worker.ts';

carryErrorCodes();

/** More Workers than these would each take memory and bring little. */
const mostWorkers = 16;

/** One Worker a core. Some browsers keep the number to themselves. */
export function workersHere(): number {
  return Math.min(mostWorkers, Math.max(1, navigator.hardwareConcurrency || 1));
}

/** A Worker and what it takes to hear of its death, which Comlink by itself would never notice. */
class Member {
  readonly #worker = startWorker('runner');
  readonly #remote = Comlink.wrap<Runner>(this.#worker);
  readonly #death: Promise<never>;
  #die: (error: Error) => void = () => {};
  readonly #ready: Promise<void>;
  #ended = false;

  constructor() {
    this.#death = new Promise((_, reject) => {
      this.#die = reject;
      this.#worker.addEventListener('error', (event) => {
        event.preventDefault();
        this.end();
        reject(new Error(event.message || 'The Worker could not be started.'));
      });
    });
    this.#ready = compiledModule().then((module) => this.#remote.open(module));
    // Whoever asks hears of both.
    this.#death.catch(() => {});
    this.#ready.catch(() => {});
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** An error without a code means that the Worker can no longer be trusted. */
  async ask<Result>(call: (remote: Comlink.Remote<Runner>) => Promise<Result>): Promise<Result> {
    try {
      return await Promise.race([this.#death, this.#ready.then(() => call(this.#remote))]);
    } catch (error) {
      if (errorCode(error) === undefined) this.end();
      throw error;
    }
  }

  /** For orders without an answer. */
  tell(call: (remote: Comlink.Remote<Runner>) => Promise<void>): void {
    this.ask(call).catch(() => {});
  }

  end(): void {
    this.#ended = true;
    this.#worker.terminate();
    // Whoever waits for an answer waits no longer.
    this.#die(new Error('The Worker was ended.'));
  }
}

/** What becomes of the jobs, each by its place in the list. */
export interface PoolEvents {
  begun(job: number): void;
  ended(job: number, outcome: Outcome): void;
  /** It could not be run; the sentence says why. */
  failed(job: number, sentence: string): void;
}

/** Workers that do a list of fits between them, one a Worker at a time. */
export class Pool {
  readonly #members = new Set<Member>();
  /** Those that are at the list. */
  readonly #taken = new Set<Member>();
  readonly #running = new Map<Member, number>();
  #next = 0;
  #cancelled = false;
  #paused = false;
  #goOn: (() => void)[] = [];

  /** Asks a Worker that is not at the list, where there is one. */
  ask<Result>(call: (remote: Comlink.Remote<Runner>) => Promise<Result>): Promise<Result> {
    const member = this.#free() ?? [...this.#taken][0] ?? this.#hire();
    return member.ask(call);
  }

  /** Does all jobs in their order; resolves once they are over or cancelled. Not to be called before that. */
  async run(jobs: readonly Job[], workers: number, events: PoolEvents): Promise<void> {
    this.#next = 0;
    this.#cancelled = false;
    this.#paused = false;
    const many = Math.max(1, Math.min(workers, jobs.length));
    await Promise.all(Array.from({ length: many }, () => this.#work(jobs, events)));
    // One stays for questions.
    for (const member of [...this.#members].slice(1)) {
      member.end();
      this.#members.delete(member);
    }
  }

  async #work(jobs: readonly Job[], events: PoolEvents): Promise<void> {
    let member = this.#take();
    for (;;) {
      if (this.#paused) await new Promise<void>((resolve) => this.#goOn.push(resolve));
      const number = this.#next;
      const job = jobs[number];
      if (this.#cancelled || !job) break;
      this.#next += 1;
      if (member.ended) member = this.#take();
      this.#running.set(member, number);
      events.begun(number);
      try {
        const outcome = await member.ask((remote) => remote.run(job));
        if (outcome) events.ended(number, outcome);
      } catch (error) {
        const sentence = errorMessage(error);
        if (!this.#cancelled) {
          events.failed(number, member.ended ? `It broke down: ${sentence}` : sentence);
        }
      }
      this.#running.delete(member);
      if (member.ended) this.#dismiss(member);
    }
    this.#taken.delete(member);
  }

  #free(): Member | undefined {
    return [...this.#members].find((member) => !member.ended && !this.#taken.has(member));
  }

  #take(): Member {
    const member = this.#free() ?? this.#hire();
    this.#taken.add(member);
    return member;
  }

  #hire(): Member {
    for (const member of this.#members) if (member.ended) this.#dismiss(member);
    const member = new Member();
    this.#members.add(member);
    return member;
  }

  #dismiss(member: Member): void {
    this.#members.delete(member);
    this.#taken.delete(member);
  }

  /** How many iterations the jobs that are being run have done. */
  async iterations(): Promise<Map<number, number>> {
    const asked = [...this.#running].map(
      async ([member, job]): Promise<[number, number]> => [
        job,
        await member.ask((remote) => remote.iteration()),
      ],
    );
    const answers = await Promise.allSettled(asked);
    return new Map(
      answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : [])),
    );
  }

  pause(): void {
    this.#paused = true;
    for (const member of this.#running.keys()) member.tell((remote) => remote.pause());
  }

  resume(): void {
    this.#paused = false;
    for (const member of this.#running.keys()) member.tell((remote) => remote.resume());
    this.#wake();
  }

  cancel(): void {
    this.#cancelled = true;
    this.#paused = false;
    for (const member of this.#running.keys()) member.tell((remote) => remote.cancel());
    this.#wake();
  }

  /** Cancels, and ends all Workers at once: a fit that is being set up does not hear of anything else. */
  end(): void {
    this.cancel();
    for (const member of [...this.#members]) {
      member.end();
      this.#dismiss(member);
    }
  }

  #wake(): void {
    for (const goOn of this.#goOn.splice(0)) goOn();
  }
}
