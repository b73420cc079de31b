import { bumpFormula } from '../formulas.ts';
import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'bump';
const to = jumpsTo(name);

export const bump: Experiment = {
  name,
  core: name,
  start: {},
  hidden: [],
  title: 'Bump layer',
  tab: 'Bump layer',
  lede: 'A bump that ends: exactly 0 beyond its edge. Can a layer learn how wide it is? Five attempts, and a Gaussian.',
  shortLede: 'Can a layer learn where its bump ends?',
  summary: ['optimizer'],
  further: 'target',
  learned: 'Widths',
  tries: [to('Points up to ±1: one branch is not finite', { range: 1 })],
  beside: {
    heading: 'Sweep',
    words: [
      'The same layer for 99 widths, one after the other: ',
      jumpsTo('bump-sweep')('learned σ against true σ'),
      '.',
    ],
    picture: 'bump-sweep',
  },
  article: {
    formula: bumpFormula,
    sections: [],
    source:
      'After the question “Implementing a trainable generalized Bump function layer” and its answers, 2020.',
  },
};
