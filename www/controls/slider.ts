import { make, uniqueId } from '../dom.ts';
import { type Control, type FieldOptions, makeField } from './field.ts';
import { scaleFor } from './scale.ts';
import { hear, say, spell } from './words.ts';

/** A slider with its value beside the label, which can also be typed. */
export function slider(options: FieldOptions & { change(value: number): void }): Control {
  const { setting, change } = options;
  const scale = scaleFor(setting.kind);
  const rangeId = uniqueId('range');
  const field = makeField(options, rangeId);
  const range = make('input', {
    id: rangeId,
    type: 'range',
    min: 0,
    max: scale.last,
    step: 1,
    'aria-describedby': field.helpId,
  });
  const typed = make('input', {
    type: 'text',
    class: 'typed',
    inputmode: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-label': `${setting.label}, typed`,
    'aria-describedby': field.helpId,
  });
  field.value.append(typed);
  field.element.insertBefore(range, field.element.children[1] ?? null);

  let current = 0;

  function paint(value: number): void {
    const position = scale.positionOf(value);
    range.value = String(position);
    range.style.setProperty('--at', String(scale.last > 0 ? position / scale.last : 0));
    range.setAttribute('aria-valuetext', say(setting, value));
    // What is being typed is left alone.
    if (!typed.matches(':focus')) typed.value = say(setting, value);
  }

  function ask(value: number): void {
    current = value;
    paint(value);
    change(value);
  }

  range.addEventListener('input', () => ask(scale.valueAt(Number(range.value))));
  typed.addEventListener('focus', () => {
    typed.value = spell(current);
    typed.select();
  });
  typed.addEventListener('change', () => {
    const value = hear(setting, typed.value);
    if (value !== undefined) ask(value);
  });
  typed.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') typed.blur();
    if (event.key === 'Escape') {
      typed.value = spell(current);
      typed.blur();
    }
  });
  typed.addEventListener('blur', () => {
    typed.value = say(setting, current);
  });

  return {
    element: field.element,
    show(value, normal) {
      current = Number(value);
      paint(current);
      field.showChanged(value !== normal, say(setting, Number(normal)));
    },
  };
}
