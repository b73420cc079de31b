import { sumFormula } from '../formulas.ts';
import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'two-cities';
const to = jumpsTo(name);

export const twoCities: Experiment = {
  name,
  core: 'sum-of-gaussians',
  start: { dataset: 'two-cities', showTruth: false },
  hidden: ['dataset'],
  title: 'Two cities',
  tab: 'Two cities',
  lede: 'Ten stores know how many visitors they have, not where those live. Two Gaussians look for the two cities.',
  shortLede: 'Ten stores look for two cities.',
  summary: ['optimizer', 'initialization'],
  further: 'target',
  learned: 'Cities',
  tries: [to('Reveal the truth', { showTruth: true })],
  article: {
    formula: sumFormula,
    sections: [],
    source: 'After “SumOfGaussians layer with Keras 2.0”, Zach Moshe 2019.',
  },
};
