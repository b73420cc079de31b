import type { Setting } from '../../pkg/gaussian_playground.js';
import { make, uniqueId } from '../dom.ts';
import { icon } from '../icons.ts';
import type { Hints } from './hints.ts';

export type Value = string | number | boolean;

/** A control of one setting. */
export interface Control {
  readonly element: HTMLElement;
  /** Shows the value in force, and whether it differs from the default. */
  show(value: Value, normal: Value): void;
}

export interface FieldOptions {
  setting: Setting;
  hints: Hints;
  /** Asks for the value that the setting has by default here. */
  toDefault(): void;
}

/** What all controls share: label, restart mark, help, the way back to the default. */
export interface Field {
  readonly element: HTMLElement;
  readonly label: HTMLElement;
  readonly labelId: string;
  readonly helpId: string;
  /** Where the control puts its value, right-aligned. */
  readonly value: HTMLElement;
  showChanged(changed: boolean, normalWords: string): void;
}

export function makeField({ setting, hints, toDefault }: FieldOptions, labelFor?: string): Field {
  const labelId = uniqueId('label');
  const helpId = uniqueId('help');
  const label = make(
    labelFor === undefined ? 'span' : 'label',
    { class: 'label', id: labelId, for: labelFor },
    setting.label,
  );
  const name = make('span', { class: 'label-row' }, label);
  if (setting.restarts) {
    const mark = make(
      'span',
      { class: 'restarts', title: 'Restarts the fit' },
      icon('restart', 12),
    );
    name.append(mark);
  }
  const unit = make('span', { class: 'unit' }, setting.unit);
  const back = make('button', { type: 'button', class: 'to-default', hidden: true });
  back.append(icon('undo', 12));
  back.addEventListener('click', toDefault);
  const value = make('span', { class: 'value' });
  const head = make(
    'div',
    { class: 'head' },
    name,
    make('span', { class: 'end' }, value, unit, back),
  );
  const help = make(
    'p',
    { class: setting.lead ? 'help' : 'visually-hidden', id: helpId },
    setting.help,
  );
  if (setting.restarts)
    help.append(make('span', { class: 'visually-hidden' }, ' Restarts the fit.'));
  const element = make(
    'div',
    { class: `control ${setting.kind.type}`, 'data-setting': setting.name },
    head,
    help,
  );
  element.classList.toggle('lead', setting.lead);
  const consequence = setting.restarts ? ' Restarts the fit.' : '';
  if (!setting.lead) hints.attach(element, `${setting.help}${consequence}`);
  return {
    element,
    label,
    labelId,
    helpId,
    value,
    showChanged(changed, normalWords) {
      element.classList.toggle('changed', changed);
      back.hidden = !changed;
      unit.hidden = changed || setting.unit === '';
      const words = `Set ${setting.label} back to ${normalWords}`;
      back.setAttribute('aria-label', words);
      back.title = words;
    },
  };
}
