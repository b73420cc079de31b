import type { Settings } from '../engine/protocol.ts';
import { encode } from '../links/link.ts';
import type { Jump } from './types.ts';

/** Makes the links of one experiment: what each says, and the settings that it opens with. */
export function jumpsTo(
  experiment: string,
): (words: string, settings?: Settings, more?: Pick<Jump, 'placed' | 'truth' | 'compare'>) => Jump {
  return (words, settings = {}, more = {}) => ({ words, experiment, settings, ...more });
}

/** The address of a jump within the page, with its `#`. */
export function addressOf({ experiment, settings = {}, placed, truth, compare }: Jump): string {
  const text = encode({ experiment, settings, live: [], ...(placed ? { placed } : {}) });
  // Written like placed components, but for the name.
  const moved = truth && encode({ experiment: '', settings: {}, live: [], placed: truth });
  const list = moved && new URLSearchParams(moved).get('placed');
  return `#${[text, list && `truth=${list}`, compare && `compare=${compare}`].filter(Boolean).join('&')}`;
}
