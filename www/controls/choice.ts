import { make, uniqueId } from '../dom.ts';
import { icon } from '../icons.ts';
import { type Control, type FieldOptions, makeField } from './field.ts';
import { optionLabel } from './words.ts';

type Options = FieldOptions & { change(value: string): void };

/** Few and short enough to stand side by side. */
function fitsOneRow(options: { label: string }[]): boolean {
  const letters = options.reduce((sum, option) => sum + option.label.length, 0);
  // Each option has room on both sides, worth some letters.
  return options.length <= 4 && letters + 2.5 * options.length <= 36;
}

export function choice(options: Options): Control {
  const { kind } = options.setting;
  if (kind.type !== 'choice') throw new Error('Not a choice.');
  return fitsOneRow(kind.options)
    ? segmented(options, kind.options)
    : dropDown(options, kind.options);
}

function segmented(options: Options, values: { value: string; label: string }[]): Control {
  const field = makeField(options);
  const name = uniqueId(options.setting.name);
  const radios = new Map<string, HTMLInputElement>();
  const group = make('div', {
    class: 'segmented',
    role: 'radiogroup',
    'aria-labelledby': field.labelId,
    'aria-describedby': field.helpId,
  });
  for (const { value, label } of values) {
    const radio = make('input', { type: 'radio', name, value });
    // Not only changes: to choose what is chosen already can mean to try it once more.
    radio.addEventListener('click', () => options.change(value));
    radios.set(value, radio);
    group.append(make('label', {}, radio, make('span', {}, label)));
  }
  field.element.append(group);
  return {
    element: field.element,
    show(value, normal) {
      const radio = radios.get(String(value));
      if (radio) radio.checked = true;
      field.showChanged(value !== normal, optionLabel(options.setting, String(normal)));
    },
  };
}

function dropDown(options: Options, values: { value: string; label: string }[]): Control {
  const id = uniqueId(options.setting.name);
  const field = makeField(options, id);
  const select = make('select', { id, 'aria-describedby': field.helpId });
  for (const { value, label } of values) select.append(make('option', { value }, label));
  select.addEventListener('change', () => options.change(select.value));
  field.element.append(make('span', { class: 'select' }, select, icon('chevron')));
  return {
    element: field.element,
    show(value, normal) {
      select.value = String(value);
      field.showChanged(value !== normal, optionLabel(options.setting, String(normal)));
    },
  };
}
