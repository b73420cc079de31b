import type { LinkedLane, Settings } from '../engine/protocol.ts';
import { isName, longestText, part, spell, typedValue, wholePart } from './values.ts';

/** The contestants of a race in a link: `em,initialization:kmeans++,seed:3;sparse,sparsity:0`. */

export const fewestLanes = 2;
export const mostLanes = 4;
const mostSettings = 40;

const isModel = (text: string): boolean => /^[a-z][a-z0-9-]{0,31}$/.test(text);

/** The text of a link; `undefined` where no link can hold it. */
export function lanesInText(lanes: readonly LinkedLane[]): string | undefined {
  if (lanes.length < fewestLanes || lanes.length > mostLanes) return undefined;
  if (!lanes.every(({ model }) => isModel(model))) return undefined;
  return lanes
    .map(({ model, settings }) => {
      const pieces = Object.entries(settings).flatMap(([name, value]) => {
        const text = isName(name) ? spell(value) : undefined;
        return text === undefined ? [] : [`${name}:${part(text)}`];
      });
      return [model, ...pieces.slice(0, mostSettings)].join(',');
    })
    .join(';');
}

function readLane(text: string): LinkedLane | undefined {
  const [model = '', ...pieces] = text.split(',');
  if (!isModel(model) || pieces.length > mostSettings) return undefined;
  const settings: Settings = {};
  for (const piece of pieces) {
    const [name = '', value, ...more] = piece.split(':');
    if (!isName(name) || value === undefined || more.length > 0) return undefined;
    if (value.length > 3 * longestText) return undefined;
    settings[name] = typedValue(name, wholePart(value));
  }
  return { model, settings };
}

/** What such a text says; `undefined` where it says nothing that could be run. */
export function readLanes(text: string): LinkedLane[] | undefined {
  const lanes = text.split(';').map(readLane);
  if (lanes.length < fewestLanes || lanes.length > mostLanes) return undefined;
  return lanes.every((lane) => lane !== undefined) ? lanes : undefined;
}
