import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import type { Setting } from '../../pkg/gaussian_playground.js';
import { attributeOf, settingsOfAttributes } from '../../www/links/attributes.ts';
import { decode, encode, reserved } from '../../www/links/link.ts';
import type { ControlsAlone } from './harness/controls.ts';
import { type Harness, harness, problemsOf } from './harness.ts';

// A model that there is not, so that nothing here can know its settings: what shows them, links them
// and takes them from attributes has the table alone to go by.

const table = join(import.meta.dirname, '../reference/test_schema.json');

type Settings = ControlsAlone['settings'];

/** A setting more than the table has, as someone may add one. */
const added: Setting = {
  name: 'coneAngle',
  group: 'model',
  label: 'Cone',
  help: 'How pointed the cone is.',
  unit: 'degrees',
  restarts: true,
  lead: false,
  seldom: false,
  only: undefined,
  kind: { type: 'integer', min: 10, max: 90, default: 30 },
};

const schema: Setting[] = [...(JSON.parse(readFileSync(table, 'utf8')) as Setting[]), added];
const normal: Settings = Object.fromEntries(schema.map(({ name, kind }) => [name, kind.default]));

/** Another value than the default, within the range. */
function other({ kind }: Setting): Settings[string] {
  switch (kind.type) {
    case 'integer':
      return kind.default === kind.max ? kind.min : kind.default + 1;
    case 'number':
      return kind.default === kind.max ? kind.min : kind.max;
    case 'choice':
      return kind.options.find(({ value }) => value !== kind.default)?.value ?? kind.default;
    case 'switch':
      return !kind.default;
    case 'seed':
      return kind.default + 1;
    case 'list':
      return '2,0.5';
  }
}

const changed: Settings = Object.fromEntries(
  schema.map((setting) => [setting.name, other(setting)]),
);

let site: Harness;
test.beforeAll(async () => {
  site = await harness('controls');
});
test.afterAll(() => site.close());

async function mount(page: Page): Promise<void> {
  await page.goto(site.url);
  await page.evaluate(
    ([rows, usual]) => (globalThis as unknown as { alone: ControlsAlone }).alone.mount(rows, usual),
    [schema, normal] as const,
  );
}

function value(page: Page, name: string): Promise<Settings[string] | undefined> {
  return page.evaluate(
    (wanted) => (globalThis as unknown as { alone: ControlsAlone }).alone.settings[wanted],
    name,
  );
}

/** What the visitor touches, found by the role that its kind has and by its label. */
function widget(page: Page, { kind, label, group }: Setting): Locator {
  const name = { name: label, exact: true };
  switch (kind.type) {
    case 'integer':
    case 'number':
      return page.getByRole('slider', name);
    case 'choice':
      return page.getByRole('radiogroup', name).or(page.getByRole('combobox', name));
    case 'switch':
      return group === 'view' ? page.getByRole('checkbox', name) : page.getByRole('switch', name);
    case 'seed':
    case 'list':
      return page.getByRole('textbox', name);
  }
}

/** Does what brings the value that `other` names. */
async function touch(page: Page, setting: Setting): Promise<void> {
  const { kind, label } = setting;
  const found = widget(page, setting);
  switch (kind.type) {
    case 'integer':
      return found.press('ArrowRight');
    case 'number':
      return found.press('End');
    case 'choice': {
      const wanted = kind.options.find(({ value }) => value === other(setting))?.label ?? '';
      if (await found.and(page.getByRole('combobox')).count()) {
        await found.selectOption({ label: wanted });
      } else {
        await found.getByRole('radio', { name: wanted, exact: true }).check();
      }
      return;
    }
    case 'switch':
      return found.setChecked(other(setting) === true);
    case 'seed':
    case 'list': {
      const typed = page.getByRole('textbox', { name: label, exact: true });
      await typed.fill(String(other(setting)));
      return typed.press('Enter');
    }
  }
}

test('the table has a row of each kind and group', () => {
  const kinds = new Set(schema.map(({ kind }) => kind.type));
  expect([...kinds].sort()).toEqual(['choice', 'integer', 'list', 'number', 'seed', 'switch']);
  const groups = new Set(schema.map(({ group }) => group));
  for (const group of ['data', 'model', 'fit', 'view']) expect(groups).toContain(group);
});

test('every setting of the table has its control', async ({ page }) => {
  const problems = problemsOf(page);
  await mount(page);
  for (const setting of schema) {
    const { name, label, help, unit, restarts, lead, group } = setting;
    await expect(widget(page, setting), label).toHaveCount(1);
    if (group === 'view') {
      await expect(page.getByTitle(help, { exact: true })).toHaveText(label);
      continue;
    }
    const control = page.locator(`[data-setting="${name}"]`);
    await expect(control.locator('.label')).toHaveText(label);
    await expect(control.locator('.unit')).toHaveText(unit);
    await expect(control.getByTitle('Restarts the fit')).toHaveCount(restarts ? 1 : 0);
    await expect(widget(page, setting)).toHaveAccessibleDescription(
      restarts ? `${help} Restarts the fit.` : help,
    );
    expect(await control.evaluate((element) => element.classList.contains('lead'))).toBe(lead);
  }
  expect(problems).toEqual([]);
});

test('every control changes its setting, and leads back to the default', async ({ page }) => {
  await mount(page);
  for (const setting of schema) {
    const { name, label, group } = setting;
    await touch(page, setting);
    expect(await value(page, name), label).toBe(other(setting));
    if (group === 'view') {
      await touch(page, { ...setting, kind: { type: 'switch', default: other(setting) === true } });
    } else {
      await page.getByRole('button', { name: `Set ${label} back to` }).click();
      await expect(page.getByRole('button', { name: `Set ${label} back to` })).toBeHidden();
    }
    expect(await value(page, name), label).toBe(normal[name]);
  }
});

test('a list that is none stays in its field, with a sentence below', async ({ page }) => {
  await mount(page);
  const typed = page.getByRole('textbox', { name: 'Toppings', exact: true });
  await typed.fill('two');
  await typed.press('Enter');
  await expect(page.getByRole('alert')).toHaveText(/Numbers with commas between them/);
  await expect(typed).toHaveValue('two');
  await expect(typed).toHaveAttribute('aria-invalid', 'true');
  expect(await value(page, 'toppings')).toBe('');
  await typed.fill('\u22121 2;.5');
  await typed.press('Enter');
  expect(await value(page, 'toppings')).toBe('-1,2,0.5');
  await expect(typed).toHaveValue('\u22121, 2, 0.5');
  await expect(page.getByRole('alert')).toBeHidden();
});

test('a control is shown only where its setting matters', async ({ page }) => {
  await mount(page);
  const dependent = schema.filter(({ only }) => only);
  expect(dependent.length).toBeGreaterThan(0);
  for (const setting of dependent) {
    const choice = schema.find(({ name }) => name === setting.only?.setting);
    if (!choice) throw new Error('It depends on nothing.');
    await expect(widget(page, setting)).toBeVisible();
    await touch(page, choice);
    await expect(widget(page, setting)).toBeHidden();
  }
});

test('every setting of the table is in the link', () => {
  const state = { experiment: 'imagined', settings: changed, live: [] };
  const text = encode(state);
  for (const { name } of schema) {
    expect(reserved).not.toContain(name);
    expect(text).toContain(`&${name}=${String(changed[name])}`);
  }
  expect(decode(text, { schema })).toEqual({ state, notices: [] });
  const live = schema.map(({ name }, iteration) => ({
    iteration,
    name,
    value: changed[name] ?? '',
  }));
  expect(decode(encode({ ...state, live }), { schema }).state.live).toEqual(live);
});

test('every setting of the table is an attribute', () => {
  const attributes = schema.map(({ name }) => ({
    name: attributeOf(name),
    value: String(changed[name]),
  }));
  // HTML gives the names of attributes in small letters.
  expect(attributes.every(({ name }) => /^[a-z][a-z0-9-]*$/.test(name))).toBe(true);
  expect(settingsOfAttributes({ attributes }, schema)).toEqual({ settings: changed, notices: [] });
});
