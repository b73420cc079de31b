import type { Settings } from '../engine/protocol.ts';
import { encode } from '../links/link.ts';
import type { Jump } from './types.ts';

/** Makes the links to one experiment: what each says, and the settings that it opens with. */
export function jumpsTo(
  experiment: string,
): (
  words: string,
  settings?: Settings,
  more?: Omit<Jump, 'words' | 'experiment' | 'settings'>,
) => Jump {
  return (words, settings = {}, more = {}) => ({ words, experiment, settings, ...more });
}

/** The address of a jump within the page, with its `#`. */
export function addressOf({ words: _, settings = {}, ...rest }: Jump): string {
  return `#${encode({ settings, live: [], ...rest })}`;
}
