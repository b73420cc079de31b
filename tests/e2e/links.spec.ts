import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { initSync, type Setting, schema as schemaOf } from '../../pkg/gaussian_playground.js';
import { experiments } from '../../www/experiments/index.ts';
import { attributeOf, nameOf, settingsOfAttributes } from '../../www/links/attributes.ts';
import {
  decode,
  encode,
  isName,
  type LinkState,
  mostLive,
  mostPoints,
  type Placed,
  reserved,
  type View,
} from '../../www/links/link.ts';
import { roundToRange } from '../../www/links/numerals.ts';
import { linkOf, type Present } from '../../www/links/state.ts';

// Links without a page: what is written is read, and nothing that can be written breaks the reading.

const wasm = join(import.meta.dirname, '../../pkg/gaussian_playground_bg.wasm');
const names = experiments.map(({ name }) => name);
/** Those whose settings the fitting core knows by the experiment. */
const fitted = experiments.filter(({ board }) => board === undefined);

function schemas(): Map<string, Setting[]> {
  initSync({ module: readFileSync(wasm) });
  return new Map(fitted.map(({ name, core }) => [name, schemaOf(core)]));
}

function valueFor({ kind }: Setting): fc.Arbitrary<string | number | boolean> {
  switch (kind.type) {
    case 'integer':
      return fc.integer({ min: kind.min, max: kind.max });
    case 'number':
      return fc.double({ min: kind.min, max: kind.max, noNaN: true });
    case 'choice':
      return fc.constantFrom(...kind.options.map(({ value }) => value));
    case 'switch':
      return fc.boolean();
    case 'seed':
      return fc.maxSafeNat();
    case 'list':
      return (
        fc
          .array(fc.double({ min: kind.min, max: kind.max, noNaN: true }), { maxLength: 12 })
          // A list of one looks like a number, and is taken for one that means the same.
          .filter(({ length }) => length !== 1)
          .map((numbers) => numbers.join(','))
      );
  }
}

function settingsFor(schema: Setting[]): fc.Arbitrary<LinkState['settings']> {
  const values = schema.map((setting) => fc.tuple(fc.constant(setting.name), valueFor(setting)));
  return fc
    .tuple(fc.tuple(...values), fc.subarray(schema.map(({ name }) => name)))
    .map(([all, given]) => Object.fromEntries(all.filter(([name]) => given.includes(name))));
}

/** Of any size and at any offset, as data are. */
const measured = fc
  .tuple(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.integer({ min: -12, max: 12 }),
    fc.constantFrom(0, 1, -2000, 1e6),
  )
  .map(([value, power, offset]) => offset + value * 10 ** power);

/** Names of columns, with all that separates the parts of a link. */
const column = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...'*,;:%&=#+ x', '2C', 'é', '😀'), maxLength: 20 }),
);

const points: fc.Arbitrary<NonNullable<LinkState['points']>> = fc
  .tuple(fc.array(column, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: mostPoints }))
  .chain(([columns, rows]) =>
    fc.record(
      {
        columns: fc.constant(columns),
        values: fc.array(measured, {
          minLength: rows * columns.length,
          maxLength: rows * columns.length,
        }),
        weight: fc.nat({ max: columns.length - 1 }),
      },
      { requiredKeys: ['columns', 'values'], noNullPrototype: true },
    ),
  );

function symmetric(size: number, entries: number[]): number[] {
  return Array.from({ length: size * size }, (_, index) => {
    const [row, column] = [Math.floor(index / size), index % size];
    return entries[Math.max(row, column) * size + Math.min(row, column)] ?? 0;
  });
}

const placed: fc.Arbitrary<Placed[]> = fc.integer({ min: 1, max: 3 }).chain((size) =>
  fc.array(
    fc.record(
      {
        weight: fc.double({ min: -5, max: 5, noNaN: true }),
        mean: fc.array(measured, { minLength: size, maxLength: size }),
        covariance: fc
          .array(measured, { minLength: size * size, maxLength: size * size })
          .map((entries) => symmetric(size, entries)),
      },
      { requiredKeys: ['mean', 'covariance'], noNullPrototype: true },
    ),
    { minLength: 1, maxLength: 64 },
  ),
);

const view: fc.Arbitrary<View> = fc
  .tuple(measured, measured, measured, measured)
  .map(([a, b, c, d]): View => [Math.min(a, b), Math.max(a, b), Math.min(c, d), Math.max(c, d)])
  .filter(([x0, x1, y0, y1]) => x0 < x1 && y0 < y1);

function stateFor(experiment: string, schema: Setting[]): fc.Arbitrary<LinkState> {
  const change = fc.constantFrom(...schema).chain((setting) =>
    fc.record({
      iteration: fc.maxSafeNat(),
      name: fc.constant(setting.name),
      value: valueFor(setting),
    }),
  );
  return fc.record(
    {
      experiment: fc.constant(experiment),
      settings: settingsFor(schema),
      live: fc.array(change, { maxLength: mostLive }),
      points,
      placed,
      view,
      compare: fc.constantFrom('five-ways', 'many-or-pruned'),
      page: fc.stringMatching(/^[0-9a-f]{6}$/),
      theme: fc.constantFrom('light' as const, 'dark' as const),
    },
    { requiredKeys: ['experiment', 'settings', 'live'], noNullPrototype: true },
  );
}

/** What a state is once its points and its picture have been rounded; -0 is written as 0. */
function rounded(state: LinkState): unknown {
  const copy = structuredClone(state);
  const plain = (values: number[]): number[] => values.map((value) => value + 0);
  if (copy.points) {
    const { columns, values } = copy.points;
    const width = columns.length;
    const byColumn = columns.map((_, column) =>
      roundToRange(values.filter((_, index) => index % width === column)),
    );
    copy.points.values = plain(
      values.map((_, index) => byColumn[index % width]?.[Math.floor(index / width)] ?? 0),
    );
  }
  for (const one of copy.placed ?? []) {
    const digits = (values: number[]): number[] =>
      plain(values.map((value) => Number(value.toPrecision(9))));
    one.mean = digits(one.mean);
    one.covariance = digits(one.covariance);
    if (one.weight !== undefined) one.weight = digits([one.weight])[0] ?? 0;
  }
  if (copy.view) {
    const [x0, x1, y0, y1] = copy.view;
    copy.view = plain([...roundToRange([x0, x1]), ...roundToRange([y0, y1])]) as View;
  }
  const zero = (value: string | number | boolean): string | number | boolean =>
    typeof value === 'number' ? value + 0 : value;
  for (const [name, value] of Object.entries(copy.settings)) copy.settings[name] = zero(value);
  for (const change of copy.live) change.value = zero(change.value);
  return copy;
}

const known = { experiments: names };

test('no setting has a name that a link needs for itself, and each can be an attribute', () => {
  const found = [...schemas().values()].flat();
  expect(found.length).toBeGreaterThan(80);
  for (const { name } of found) {
    expect(reserved).not.toContain(name);
    expect(isName(name)).toBe(true);
    expect(nameOf(attributeOf(name))).toBe(name);
  }
});

test('a link is readable', () => {
  const state: LinkState = {
    experiment: 'em-mixture',
    settings: { dataset: 'three-blobs', components: 4, tolerance: 1e-7 },
    live: [
      { iteration: 120, name: 'learningRate', value: 0.01 },
      { iteration: 300, name: 'sparsity', value: 50 },
    ],
    points: { columns: ['x', 'waiting, min'], values: [1, 2.5, 3, 4] },
    view: [0, 10, -2, 8],
  };
  const text = encode(state);
  expect(text).toBe(
    'v=1&experiment=em-mixture&dataset=three-blobs&components=4&tolerance=1e-7' +
      '&drawn=x,waiting%252C%20min;1,2.5;3,4' +
      '&live=120:learningRate:0.01,300:sparsity:50&view=0,10,-2,8',
  );
  expect(decode(`#${text}`)).toEqual({ state, notices: [] });
  const edited: LinkState = {
    experiment: 'em-mixture',
    settings: {},
    live: [],
    placed: [{ weight: 0.25, mean: [2, 54.5], covariance: [0.07, 0.4, 0.4, 33] }],
  };
  expect(encode(edited)).toBe(
    'v=1&experiment=em-mixture&state=edited&placed=0.25:2,54.5:0.07,0.4,33',
  );
});

test('what is written is read again, for random states of every experiment', () => {
  for (const [experiment, schema] of schemas()) {
    fc.assert(
      fc.property(stateFor(experiment, schema), (state) => {
        const text = encode(state);
        const { state: read, notices } = decode(`#${text}`, { ...known, schema });
        expect(notices).toEqual([]);
        expect(read).toEqual(rounded(state));
        // Opened and shared again it is the same link.
        expect(encode(read)).toBe(text);
        // Only what needs it is escaped, so that it survives where links are written.
        expect(text).toMatch(/^[A-Za-z0-9\-_.!~*'(),:;/@=&%]+$/);
        // Without a schema the settings look like what they are.
        expect(decode(text).state.settings).toEqual(read.settings);
      }),
      { numRuns: 60 },
    );
  }
});

test('numbers keep six digits of their range, and rounding twice changes nothing', () => {
  fc.assert(
    fc.property(fc.array(measured, { minLength: 2, maxLength: 40 }), (values) => {
      const once = roundToRange(values);
      expect(roundToRange(once)).toEqual(once);
      const range = Math.max(...values) - Math.min(...values);
      const worst = Math.max(...values.map((value, index) => Math.abs(value - (once[index] ?? 0))));
      expect(worst).toBeLessThanOrEqual(1e-5 * range);
    }),
  );
  expect(roundToRange([0, 9.9999996, 1.23456789])).toEqual([0, 10, 1.2346]);
});

/** What a chat, a mail or a mischievous reader makes of a link. */
function mutated(text: string): fc.Arbitrary<string> {
  const at = fc.nat({ max: text.length });
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(
      '&',
      '=',
      ',',
      ';',
      ':',
      '%',
      '%zz',
      '%E0%A4',
      '#',
      '-',
      'e999',
      'NaN',
      '__proto__=',
    ),
    fc.constantFrom(...text.split('&')).map((parameter) => `&${parameter}&`),
  );
  return fc
    .array(fc.tuple(at, fc.nat({ max: 12 }), piece), { minLength: 1, maxLength: 6 })
    .map((edits) =>
      edits.reduce(
        (result, [start, cut, inserted]) =>
          result.slice(0, start) + inserted + result.slice(start + cut),
        text,
      ),
    );
}

function holds(text: string, schema?: Setting[]): void {
  const { state, notices } = decode(text, schema ? { ...known, schema } : {});
  // Not `expect`, whose record of every call would take most of the time.
  assert(notices.length <= 7);
  assert(notices.every((notice) => notice.length < 300));
  assert(state.live.length <= mostLive);
  assert(Object.keys(state.settings).every(isName));
  assert(Object.getPrototypeOf(state.settings) === Object.prototype);
  const numbers = [
    ...Object.values(state.settings),
    ...state.live.map(({ value }) => value),
    ...(state.points?.values ?? []),
    ...(state.placed ?? []).flatMap(({ mean, covariance }) => [...mean, ...covariance]),
    ...(state.view ?? []),
  ].filter((value) => typeof value === 'number');
  assert(numbers.every(Number.isFinite));
  const again = encode(state);
  assert.equal(encode(decode(again, schema ? { schema } : {}).state), again);
}

test('mutated links are read as far as they go', () => {
  for (const [experiment, schema] of schemas()) {
    fc.assert(
      fc.property(
        stateFor(experiment, schema).chain((state) => mutated(encode(state))),
        (text) => {
          holds(text);
          holds(text, schema);
        },
      ),
      { numRuns: 100 },
    );
  }
});

test('random texts are read as far as they go', () => {
  const letters = fc.string({
    unit: fc.constantFrom(
      ...'&=,;:%#-+.0123456789eEx_',
      ' ',
      'v',
      'live',
      'drawn',
      'placed',
      'view',
    ),
    maxLength: 200,
  });
  const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), letters);
  fc.assert(
    fc.property(anything, (text) => holds(text)),
    { numRuns: 2000 },
  );
});

test('names that every object has are no settings', () => {
  const text = '__proto__=1&constructor=x&toString=2&hasOwnProperty=true&live=1:constructor:2';
  const { state, notices } = decode(text);
  expect(state).toEqual({ experiment: '', settings: {}, live: [] });
  expect(notices).toHaveLength(5);
  expect(({} as Record<string, unknown>)['1']).toBeUndefined();
});

test('a link as long as it likes is read at once', () => {
  const texts = [
    'a='.repeat(2_000_000),
    '&'.repeat(5_000_000),
    `live=${'1:a:1,'.repeat(9_000)}`,
    `drawn=${';'.repeat(60_000)}`,
    `placed=${'1:1:1;'.repeat(10_000)}`,
    `view=${'1,'.repeat(30_000)}`,
    `${'%25'.repeat(20_000)}=1`,
    Array.from({ length: 9_000 }, (_, index) => `s${index}=1`).join('&'),
  ];
  for (const text of texts) {
    const start = performance.now();
    holds(text);
    expect(performance.now() - start).toBeLessThan(250);
    expect(decode(text).notices).not.toEqual([]);
  }
});

test('what is wrong in a link is told', () => {
  const said = (text: string): string => decode(text, known).notices.join(' ');
  expect(said('')).toBe('');
  expect(said('#v=1')).toBe('');
  expect(said('v=2')).toMatch(/newer version/);
  expect(said('v=two')).toMatch(/no version that is known/);
  expect(said('experiment=tea')).toMatch(/no experiment called “tea”/);
  expect(said('components')).toMatch(/“components” in the link was ignored: it has no value/);
  expect(said('components=%E0%A4')).toMatch(/cut off/);
  expect(said('components=2&components=3')).toMatch(/more than once/);
  expect(decode('components=2&components=3').state.settings).toEqual({ components: 2 });
  expect(said('drawn=x;1;a')).toMatch(/rows of numbers/);
  expect(said(`drawn=x${';1'.repeat(mostPoints + 1)}`)).toMatch(/up to 400 rows/);
  expect(said('view=1,1,0,2')).toMatch(/x from, x to/);
  expect(said('state=edited')).toMatch(/edited state .* could not be read/);
  expect(said('state=edited&placed=1:2')).toMatch(/edited state .* could not be read/);
  expect(said('placed=:0,0:1,0,1;:1:1')).toMatch(/edited state .* could not be read/);
  expect(said('page=red')).toMatch(/six hexadecimal digits/);
  expect(said('theme=blue')).toMatch(/light or dark/);
  expect(said('live=12')).toMatch(/iteration:setting:value/);
  expect(said(`live=${Array(25).fill('1:sparsity:2').join()}`)).toMatch(/more than 20 settings/);
  expect(said('a_b=1')).toMatch(/no setting has such a name/);
  // An app that escapes more than it must changes nothing.
  expect(decode('live=1%3Asparsity%3A2%2C3%3Asparsity%3A4').state.live).toHaveLength(2);
});

const present: Present = {
  experiment: 'sparse-mixture',
  starting: { dataset: 'spiral', components: 30, sparsity: 20, learningRate: 0.1, backend: 'auto' },
  settings: { dataset: 'spiral', components: 30, sparsity: 50, learningRate: 0.1, backend: 'auto' },
  normal: { dataset: 'spiral', components: 30, sparsity: 20, learningRate: 0.1, backend: 'auto' },
  live: [{ iteration: 40, name: 'sparsity', value: 50 }],
  components: [{ weight: 1, mean: [0, 0], covariance: [1, 0, 0, 1] }],
  edited: false,
};

test('a link repeats what was changed on the way, up to twenty changes', () => {
  const { state, notes } = linkOf(present);
  expect(state).toEqual({
    experiment: 'sparse-mixture',
    settings: { dataset: 'spiral' },
    live: present.live,
  });
  expect(notes).toEqual([]);
  const live = Array.from({ length: mostLive + 1 }, (_, iteration) => ({
    iteration,
    name: 'sparsity',
    value: iteration,
  }));
  const many = linkOf({ ...present, live });
  expect(many.state).toEqual({
    experiment: 'sparse-mixture',
    settings: { dataset: 'spiral', sparsity: 50 },
    live: [],
    placed: present.components,
  });
  expect(many.notes.join()).toMatch(/starts from an edited state/);
  expect(linkOf({ ...present, live, components: [] }).notes.join()).toMatch(/not repeated/);
});

test('after a component was moved a link carries the components', () => {
  const { state, notes } = linkOf({ ...present, edited: true });
  expect(state.placed).toEqual(present.components);
  expect(state.settings.sparsity).toBe(50);
  expect(state.live).toEqual([]);
  expect(encode(state)).toContain('&state=edited&placed=1:0,0:1,0,1');
  expect(notes.join()).toMatch(/starts from an edited state/);
});

test('a reproducible link runs on the processor', () => {
  expect(encode(linkOf(present, true).state)).toContain('&backend=cpu');
  expect(encode(linkOf(present).state)).not.toContain('backend');
});

test('points of the visitor’s own are in the link while they are few', () => {
  const own = { ...present, starting: { ...present.starting, dataset: 'own' } };
  const columns = ['x', 'y'];
  const few = linkOf({ ...own, points: { columns, values: [1, 2, 3, 4] } });
  expect(encode(few.state)).toContain('dataset=own&drawn=x,y;1,2;3,4');
  expect(few.notes).toEqual([]);
  const values = Array.from({ length: 2 * (mostPoints + 1) }, (_, index) => index);
  const many = linkOf({ ...own, points: { columns, values } });
  expect(encode(many.state)).not.toMatch(/drawn|dataset/);
  expect(many.notes.join()).toMatch(/more than 400 points/);
});

test('settings are attributes of the element', () => {
  const schema = schemas().get('sum-of-gaussians') ?? [];
  const attributes = Object.entries({
    experiment: 'sum-of-gaussians',
    controls: 'minimal',
    class: 'wide',
    'data-v-1': '',
    'aria-label': 'A landscape',
    components: '8',
    'amplitude-l1': '0',
    'learning-rate': '0.01',
    optimizer: 'residual-peaks',
    compnents: '3',
  }).map(([name, value]) => ({ name, value }));
  const { settings, notices } = settingsOfAttributes({ attributes }, schema);
  expect(settings).toEqual({
    components: 8,
    amplitudeL1: 0,
    learningRate: 0.01,
    optimizer: 'residual-peaks',
  });
  expect(notices).toEqual([
    'The attribute “compnents” was ignored: no setting here has that name.',
  ]);
  const change = schema.find(({ kind }) => kind.type === 'switch');
  const name = attributeOf(change?.name ?? '');
  for (const [value, wanted] of Object.entries({ '': true, true: true, false: false })) {
    const read = settingsOfAttributes({ attributes: [{ name, value }] }, schema);
    expect(read.settings).toEqual({ [change?.name ?? '']: wanted });
  }
});
