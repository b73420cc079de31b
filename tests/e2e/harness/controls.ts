import type { Setting } from '../../../pkg/gaussian_playground.js';
import { Hints } from '../../../www/controls/hints.ts';
import { Controls } from '../../../www/controls/index.ts';
import { isShown } from '../../../www/controls/placement.ts';
import type { Settings } from '../../../www/engine/protocol.ts';
import { Layers } from '../../../www/fit/layers.ts';
import { styleSheets } from '../../../www/styles/index.ts';

/** What the test takes hold of. */
export interface ControlsAlone {
  mount(schema: Setting[], normal: Settings): void;
  /** The settings as the visitor has made them. */
  settings: Settings;
}

const alone: ControlsAlone = { settings: {}, mount };

/** Puts a control for every setting into the page, as the element does, and obeys them. */
function mount(schema: Setting[], normal: Settings): void {
  alone.settings = { ...normal };
  const change = (wanted: Settings): void => {
    Object.assign(alone.settings, wanted);
    show();
  };
  const hints = new Hints();
  const layers = new Layers(
    schema.filter(({ group }) => group === 'view'),
    change,
  );
  const others = schema.filter(({ group }) => group !== 'view');
  const controls = new Controls(others, normal, hints, change);
  const root = document.querySelector('#host')?.attachShadow({ mode: 'open' });
  if (!root) throw new Error('There is no host.');
  root.adoptedStyleSheets = styleSheets();
  for (const { name } of others) root.append(controls.element(name) ?? '');
  root.append(layers.element, hints.element);
  function show(): void {
    controls.show(alone.settings, normal);
    layers.show(alone.settings);
    for (const setting of others) {
      const control = controls.element(setting.name);
      if (control) control.hidden = !isShown(setting, alone.settings);
    }
  }
  show();
}

Object.assign(globalThis, { alone });
