import { sumFormula } from '../formulas.ts';
import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'compositions';
const to = jumpsTo(name);

export const compositions: Experiment = {
  name,
  core: 'sum-of-gaussians',
  start: { dataset: 'compositions' },
  hidden: ['dataset'],
  title: 'Compositions',
  tab: 'Compositions',
  lede: 'One Gaussian, and two that are to add up to it. Many pairs do, and the data cannot tell which is meant.',
  shortLede: 'One Gaussian, shared by two in many ways.',
  summary: ['optimizer', 'initialization'],
  further: 'target',
  learned: 'Components',
  tries: [to('Without penalties: the two share it', { amplitudeL1: 0, spread: 0 })],
  article: {
    formula: sumFormula,
    sections: [],
    source: 'After “SumOfGaussians layer with Keras 2.0”, Zach Moshe 2019.',
  },
};
