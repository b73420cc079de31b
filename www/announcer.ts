import { make, setText } from './dom.ts';
import type { Report } from './engine/protocol.ts';
import { statusWord } from './fit/readouts.ts';
import { count, readable } from './format.ts';

/** Says, to those who listen, how the fit stands whenever that changes, and what came out. */
export class Announcer {
  readonly element = make('p', { class: 'visually-hidden announcer', role: 'status' });
  #word = '';

  show(report: Report, playing: boolean): void {
    const word = statusWord(report.state, playing);
    if (word === this.#word) return;
    this.#word = word;
    const { objective, iteration, message } = report;
    const value = `${objective.label} ${readable(objective.value, objective.decimals)} ${objective.unit}`;
    const where = `Iteration ${count(iteration)}, ${value.trim()}.`;
    setText(this.element, word === 'Running' ? 'Running.' : `${word}. ${where} ${message}`.trim());
  }
}
