import { make, uniqueId } from '../dom.ts';
import { parseNumber, spelledList } from '../format.ts';
import { type Control, type FieldOptions, makeField } from './field.ts';

/** Numbers with commas or spaces between them; `undefined` where something is no number. */
export function readList(text: string): number[] | undefined {
  const words = text.split(/[,;\s]+/).filter((word) => word !== '');
  const numbers = words.map(parseNumber);
  return numbers.some((number) => number === undefined) ? undefined : (numbers as number[]);
}

/** A list of numbers, typed; what is none stays in the field, with a sentence below it. */
export function list(options: FieldOptions & { change(value: string): void }): Control {
  const { setting, change } = options;
  const id = uniqueId(setting.name);
  const errorId = uniqueId('error');
  const field = makeField(options, id);
  const typed = make('input', {
    id,
    type: 'text',
    class: 'list-field',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'the same for all',
    'aria-describedby': `${field.helpId} ${errorId}`,
  });
  const error = make('p', { class: 'field-error', id: errorId, role: 'alert', hidden: true });
  field.element.append(typed, error);

  let current = '';

  function complain(sentence: string): void {
    error.textContent = sentence;
    error.hidden = sentence === '';
    if (sentence === '') typed.removeAttribute('aria-invalid');
    else typed.setAttribute('aria-invalid', 'true');
  }

  typed.addEventListener('change', () => {
    const numbers = readList(typed.value);
    if (!numbers) {
      complain('Numbers with commas between them, as in 2, 2, 0.1.');
      return;
    }
    complain('');
    change(numbers.join(','));
  });
  typed.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') typed.blur();
    if (event.key === 'Escape') {
      complain('');
      typed.value = spelledList(current);
      typed.blur();
    }
  });

  return {
    element: field.element,
    show(value, normal) {
      const changed = String(value) !== current;
      current = String(value);
      // What is being typed, or is wrong, is left alone until something else comes into force.
      if (changed) complain('');
      if (changed || (error.hidden && !typed.matches(':focus'))) typed.value = spelledList(current);
      field.showChanged(value !== normal, normal === '' ? 'the same for all' : String(normal));
    },
  };
}
