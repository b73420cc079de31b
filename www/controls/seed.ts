import { make, uniqueId } from '../dom.ts';
import { icon } from '../icons.ts';
import { type Control, type FieldOptions, makeField } from './field.ts';
import { hear } from './words.ts';

/** Thrown seeds stay short enough to be read out; typed ones may be longer. */
const thrown = 1000;

/** A seed: typed, or thrown with the die. */
export function seed(options: FieldOptions & { change(value: number): void }): Control {
  const { setting, change } = options;
  const id = uniqueId(setting.name);
  const field = makeField(options, id);
  const typed = make('input', {
    id,
    type: 'text',
    class: 'typed',
    inputmode: 'numeric',
    autocomplete: 'off',
    'aria-describedby': field.helpId,
  });
  const die = make('button', {
    type: 'button',
    class: 'die',
    'aria-label': `Throw the die: another ${setting.label.toLowerCase()}`,
    title: `Another ${setting.label.toLowerCase()}`,
  });
  die.append(icon('dice'));
  field.value.append(typed);
  field.value.parentElement?.append(die);

  let current = 0;
  typed.addEventListener('focus', () => typed.select());
  typed.addEventListener('change', () => {
    const value = hear(setting, typed.value);
    if (value !== undefined && value >= 0) change(value);
    else typed.value = String(current);
  });
  typed.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') typed.blur();
  });
  die.addEventListener('click', () => {
    // Never the same seed twice in a row: a throw has to be seen.
    const next = Math.floor(Math.random() * (thrown - 1));
    change(next >= current ? next + 1 : next);
  });
  return {
    element: field.element,
    show(value, normal) {
      current = Number(value);
      typed.value = String(value);
      field.showChanged(value !== normal, String(normal));
    },
  };
}
