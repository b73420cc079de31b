import { penaltiesFormula } from '../formulas.ts';
import type { Experiment } from './types.ts';

const name = 'comparison';

export const comparison: Experiment = {
  name,
  core: name,
  board: 'comparison',
  start: {},
  hidden: [],
  title: 'Comparison',
  tab: 'Comparison',
  lede: 'How many Gaussians should you allow, and do the penalties help? Many small fits give an answer.',
  shortLede: 'How many Gaussians, and do penalties help?',
  summary: ['size'],
  further: 'target',
  learned: 'Results',
  tries: [],
  article: {
    formula: penaltiesFormula,
    sections: [],
    source: 'After “SumOfGaussians layer with Keras 2.0”, Zach Moshe 2019.',
  },
};
