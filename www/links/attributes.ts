import type { Setting } from '../../pkg/gaussian_playground.js';
import type { Settings } from '../engine/protocol.ts';
import { isName, typedValue } from './link.ts';

/** Settings as attributes of `<gaussian-playground>`: `learning-rate="0.01"`. */

/** The element's attributes that are no settings. */
export const ownAttributes = ['experiment', 'controls', 'theme', 'link'] as const;

/** Attributes that any HTML element may have. */
const global = new Set(
  (
    'accesskey anchor autocapitalize autocorrect autofocus class contenteditable dir draggable ' +
    'enterkeyhint exportparts hidden id inert inputmode is itemid itemprop itemref itemscope ' +
    'itemtype lang nonce part popover role slot spellcheck style tabindex title translate ' +
    'virtualkeyboardpolicy writingsuggestions'
  ).split(' '),
);

/** `learningRate` as HTML, which knows no capitals, has it: `learning-rate`. */
export function attributeOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The setting that an attribute stands for. */
export function nameOf(attribute: string): string {
  return attribute.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Whether an attribute could be meant as a setting; frameworks add many that are not. */
function isMeant(attribute: string): boolean {
  return (
    !(ownAttributes as readonly string[]).includes(attribute) &&
    !global.has(attribute) &&
    !/^(?:aria-|data-|ng-|on[a-z]+$|v-|x-)/.test(attribute)
  );
}

interface Attributes {
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
}

/**
 * The settings that an element's attributes give, typed by the schema. A switch is on by its name
 * alone, as in `<gaussian-playground double>`.
 */
export function settingsOfAttributes(
  element: Attributes,
  schema: readonly Setting[],
): { settings: Settings; notices: string[] } {
  const settings: Settings = {};
  const notices: string[] = [];
  for (const { name: attribute, value } of element.attributes) {
    const name = nameOf(attribute);
    const setting = schema.find((candidate) => candidate.name === name);
    if (setting) {
      settings[name] =
        setting.kind.type === 'switch' && value === ''
          ? true
          : typedValue(name, value.trim(), schema);
    } else if (isName(name) && isMeant(attribute)) {
      notices.push(`The attribute “${attribute}” was ignored: no setting here has that name.`);
    }
  }
  return { settings, notices };
}
