import { sumFormula } from '../formulas.ts';
import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'sum-of-gaussians';
const to = jumpsTo(name);

export const sumOfGaussians: Experiment = {
  name,
  core: name,
  start: {},
  hidden: [],
  title: 'Sum of Gaussians',
  tab: 'Sum of Gaussians',
  lede: 'Four Gaussians make a landscape. Six others, knowing only its height at 10,000 points, try to find them.',
  shortLede: 'Six Gaussians look for four by height alone.',
  summary: ['optimizer', 'initialization'],
  further: 'target',
  learned: 'Components',
  tries: [
    to('Residual peaks: all four, one after another', {
      optimizer: 'residual-peaks',
      components: 8,
      speed: 5,
    }),
  ],
  article: {
    formula: sumFormula,
    sections: [],
    source: 'After “SumOfGaussians layer with Keras 2.0”, Zach Moshe 2019.',
  },
};
