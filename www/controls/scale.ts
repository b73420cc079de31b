import type { Setting } from '../../pkg/gaussian_playground.js';

/** The positions of a slider: whole numbers from 0 to `last`, each standing for a value. */
export interface Scale {
  last: number;
  valueAt(position: number): number;
  positionOf(value: number): number;
}

/** From 1 to 10,000 and the like one position a value would make a slider useless. */
const mostPositions = 200;

function steps(values: number[]): Scale {
  const distance = (a: number, b: number): number =>
    a === 0 || b === 0 ? (a === b ? 0 : Number.POSITIVE_INFINITY) : Math.abs(Math.log(a / b));
  return {
    last: values.length - 1,
    valueAt: (position) => values[position] ?? 0,
    positionOf: (value) => {
      let best = 0;
      values.forEach((candidate, position) => {
        if (distance(candidate, value) < distance(values[best] ?? 0, value)) best = position;
      });
      return best;
    },
  };
}

/** 1, 2, 5, 10, 20, … within the range, its ends included. */
function oneTwoFive(min: number, max: number): number[] {
  const values = [min];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power += 1) {
    for (const digit of [1, 2, 5]) {
      const value = Number(`${digit}e${power}`);
      if (value > min && value < max) values.push(value);
    }
  }
  values.push(max);
  return values;
}

function linear(min: number, step: number, last: number): Scale {
  return {
    last,
    // Twelve digits take away what the multiplication adds: 0.1 · 3 is 0.3 to a reader.
    valueAt: (position) => Number((min + position * step).toPrecision(12)),
    positionOf: (value) => Math.min(last, Math.max(0, Math.round((value - min) / step))),
  };
}

export function scaleFor(kind: Setting['kind']): Scale {
  if (kind.type === 'integer') {
    if (kind.max - kind.min <= mostPositions) return linear(kind.min, 1, kind.max - kind.min);
    return steps(oneTwoFive(Math.max(1, kind.min), kind.max));
  }
  if (kind.type === 'number') {
    if (kind.scale === 'logarithmic') {
      const values = oneTwoFive(kind.min, kind.max);
      return steps(kind.zero ? [0, ...values] : values);
    }
    return linear(kind.min, (kind.max - kind.min) / 100, 100);
  }
  throw new Error(`A ${kind.type} setting has no slider.`);
}
