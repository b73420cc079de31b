import type { Against, Report } from '../engine/protocol.ts';
import { count, fixed, plural } from '../format.ts';
import type { Measure } from './measure.ts';

/** How a contestant stands. */
export interface Standing {
  label: string;
  /** `undefined` where there is none, or none that is a number. */
  score: number | undefined;
  iterations: number;
  /** That its Worker has spent on iterations. */
  seconds: number;
  state: Report['state'] | 'broken';
  /** Why it stopped. */
  message: string;
}

/** Who is ahead, and what there is to say about it. */
export interface Verdict {
  /** The places of those who are ahead, or have won. */
  leaders: number[];
  /** What came out, in a few words; then the rest. */
  words: string;
  more: string;
}

export const seconds = (value: number): string =>
  value > 0 && value < 1e-3 ? 'less than 0.001 s' : `${fixed(value, value < 1 ? 3 : 1)} s`;

const isOut = ({ state }: Standing): boolean => state === 'failed' || state === 'broken';

/** "A", "A and B", "A, B and C". */
export function list(words: readonly string[]): string {
  const [last = '', ...rest] = [...words].reverse();
  return rest.length > 0 ? `${rest.reverse().join(', ')} and ${last}` : last;
}

/** Those whose score is the best or as good as that; who has failed is out. */
export function leadersOf(standings: readonly Standing[], { score, level }: Measure): number[] {
  const scores = standings.map((standing) =>
    isOut(standing) || standing.score === undefined || !Number.isFinite(standing.score)
      ? undefined
      : standing.score,
  );
  const known = scores.filter((value) => value !== undefined);
  if (known.length === 0) return [];
  const best = score.better === 'more' ? Math.max(...known) : Math.min(...known);
  return scores.flatMap((value, index) =>
    value !== undefined && level(value, best) ? [index] : [],
  );
}

/** The best of some by a number; several where they have the same. */
function least(standings: readonly Standing[], of: (standing: Standing) => number): Standing[] {
  const best = Math.min(...standings.map(of));
  return standings.filter((standing) => of(standing) === best);
}

/** Among those who ended level: who was there first, and by what. */
function first(level: readonly Standing[]): string {
  const fewest = least(level, ({ iterations }) => iterations);
  const [quickest] = least(level, ({ seconds: spent }) => spent);
  if (!quickest) return '';
  const time = `the least time, ${seconds(quickest.seconds)}`;
  if (fewest.length === level.length) {
    const all = plural(quickest.iterations, 'iteration');
    return `Each took ${all}; ${quickest.label} took ${time}.`;
  }
  const names = list(fewest.map(({ label }) => label));
  const few = `the fewest iterations, ${count(fewest[0]?.iterations ?? 0)}`;
  return fewest.length === 1 && fewest[0] === quickest
    ? `${names} took ${few}, and ${time}.`
    : `${names} took ${few}; ${quickest.label} took ${time}.`;
}

/** Who failed, and who stopped before it converged. */
function losses(standings: readonly Standing[]): string {
  const failed = standings
    .filter(isOut)
    .map(
      ({ label, message }) => `${label} failed: ${message || 'it cannot be kept running here.'}`,
    );
  const early = standings.filter(({ state }) => state === 'exhausted').map(({ label }) => label);
  const stopped =
    early.length > 0 ? [`Not converged, but stopped by a limit: ${list(early)}.`] : [];
  return [...failed, ...stopped].join(' ');
}

/** The winner's line. */
export function verdictOf(
  standings: readonly Standing[],
  measure: Measure,
  over: boolean,
  against: Against,
): Verdict {
  const leaders = leadersOf(standings, measure);
  const level = leaders.flatMap((index) => standings[index] ?? []);
  const best = level[0];
  if (!over) {
    const begun = standings.some(({ iterations }) => iterations > 0);
    if (!best || !begun) return { leaders: [], words: 'Ready.', more: '' };
    const names = list(level.map(({ label }) => label));
    const score = measure.say(best.score ?? Number.NaN);
    const words =
      level.length > 1 ? `Level so far: ${names}, ${score}.` : `Ahead: ${names}, ${score}.`;
    return { leaders, words, more: '' };
  }
  const rest = losses(standings);
  if (!best) return { leaders, words: 'None of them came to an end.', more: rest };
  const score = measure.say(best.score ?? Number.NaN);
  if (level.length > 1) {
    const names = list(level.map(({ label }) => label));
    const tie = measure.tie(best.score ?? Number.NaN);
    const words =
      level.length === standings.length ? `A tie: ${tie}.` : `A tie of ${names}: ${tie}.`;
    return { leaders, words, more: [first(level), rest].filter(Boolean).join(' ') };
  }
  const behind = standings
    .filter((standing) => standing !== best && !isOut(standing) && standing.score !== undefined)
    .sort(
      (a, b) =>
        Math.abs((a.score ?? 0) - (best.score ?? 0)) - Math.abs((b.score ?? 0) - (best.score ?? 0)),
    )[0];
  const by =
    against === 'iterations'
      ? `${plural(best.iterations, 'iteration')} and ${seconds(best.seconds)}`
      : `${seconds(best.seconds)} and ${plural(best.iterations, 'iteration')}`;
  const next =
    behind?.score === undefined
      ? ''
      : `Next is ${behind.label}, ${measure.behind(behind.score, best.score ?? 0)}.`;
  return {
    leaders,
    words: `${best.label} wins: ${score}, after ${by}.`,
    more: [next, rest].filter(Boolean).join(' '),
  };
}
