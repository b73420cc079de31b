import { sweepFormula } from '../formulas.ts';
import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'bump-sweep';
const to = jumpsTo(name);

export const bumpSweep: Experiment = {
  name,
  core: name,
  start: {},
  hidden: [],
  under: 'bump',
  title: 'Bump sweep',
  tab: 'Bump sweep',
  lede: 'The bump layer learns 99 widths, one after the other. Each dot is one of them; on the line it was found.',
  shortLede: 'Ninety-nine widths, one after the other.',
  summary: ['method'],
  further: 'target',
  learned: 'Widths',
  tries: [
    to('Three epochs for all: large σ fall short', { method: 'three' }),
    to('Least squares: all in seconds', { method: 'levenberg-marquardt' }),
  ],
  beside: {
    heading: 'One width',
    words: ['All forms of the layer, at one σ: ', jumpsTo('bump')('the bump layer'), '.'],
    picture: 'bump',
  },
  article: {
    formula: sweepFormula,
    sections: [],
    source:
      'After the answers to “Implementing a trainable generalized Bump function layer”, 2020.',
  },
};
