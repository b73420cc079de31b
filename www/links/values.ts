import type { Setting } from '../../pkg/gaussian_playground.js';
import { readNumber, spellNumber } from './numerals.ts';

/** Values of settings as a link spells them, and what keeps the parts of a list apart. */

/** Letters of one text in a link. */
export const longestText = 400;

export type Value = string | number | boolean;

/** Names as the schema has them; none that every object has anyway. */
export function isName(name: string): boolean {
  return /^[a-z][A-Za-z0-9]{0,63}$/.test(name) && !(name in {});
}

/** Escapes what separates the parts of a list. */
export function part(text: string): string {
  return text.replace(/[%,:;*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function spell(value: Value): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? spellNumber(value) : undefined;
  return String(value).slice(0, longestText);
}

/** What `part` has escaped, as it was. */
export const wholePart = (text: string): string =>
  text.replace(/%(25|2A|2C|3A|3B)/gi, (_, code: string) =>
    String.fromCharCode(Number(`0x${code}`)),
  );

/** A value typed as the schema has it, or as it looks. The fitting core judges what does not fit. */
function typed(text: string, setting: Setting | undefined): Value {
  const number = readNumber(text);
  switch (setting?.kind.type) {
    case 'choice':
    case 'list':
      return text;
    case 'switch':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    case 'integer':
    case 'number':
    case 'seed':
      return number ?? text;
    case undefined:
      return text === 'true' || text === 'false' ? text === 'true' : (number ?? text);
  }
}

/** The value of the setting of that name, typed by the schema. */
export function typedValue(name: string, text: string, schema: readonly Setting[] = []): Value {
  return typed(
    text,
    schema.find((setting) => setting.name === name),
  );
}
