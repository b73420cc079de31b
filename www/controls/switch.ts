import { make, uniqueId } from '../dom.ts';
import { type Control, type FieldOptions, makeField } from './field.ts';

export function onOff(options: FieldOptions & { change(value: boolean): void }): Control {
  const id = uniqueId(options.setting.name);
  const field = makeField(options, id);
  const input = make('input', {
    id,
    type: 'checkbox',
    role: 'switch',
    class: 'switch',
    'aria-describedby': field.helpId,
  });
  input.addEventListener('change', () => options.change(input.checked));
  field.value.append(input);
  return {
    element: field.element,
    show(value, normal) {
      input.checked = value === true;
      field.showChanged(value !== normal, normal === true ? 'on' : 'off');
    },
  };
}
