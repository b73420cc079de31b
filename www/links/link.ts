import type { Setting } from '../../pkg/gaussian_playground.js';
import type { Against, LinkedLane, Settings } from '../engine/protocol.ts';
import { lanesInText, mostLanes, readLanes } from './lanes.ts';
import { readNumber, roundToRange, spellNumber } from './numerals.ts';
import { isName, longestText, part, spell, typedValue, type Value, wholePart } from './values.ts';

export { isName, typedValue, type Value };

/** The text after a page's `#` that says what is fitted: made from a state and read into one. */

/** Raised when a parameter changes its meaning; links of former versions stay readable. */
const version = 1;
/** More live changes than this are not repeated: the link carries their result. */
export const mostLive = 20;
/** More points than this make a link too long to send. */
export const mostPoints = 400;
const mostColumns = 8;
const mostComponents = 256;
const mostDimensions = 8;
const mostParameters = 200;
const mostNotices = 6;
/** Letters of a whole link, and of one text in it. */
const longestLink = 65_536;
/** Digits of parameters: those of a single-precision number. */
const digits = 9;

export type Theme = 'light' | 'dark';

/** A setting that changed while the fit ran, after that many iterations. */
export interface LiveChange {
  iteration: number;
  name: string;
  value: Value;
}

/** Where a component is, in the units of the data; the covariance has D×D numbers, row by row. */
export interface Placed {
  weight?: number;
  mean: number[];
  covariance: number[];
}

/** Points drawn by hand: row by row, one number a column. */
export interface Points {
  columns: string[];
  values: number[];
  /** The column that says how often each point counts, where there is one. */
  weight?: number;
}

/** What is seen, in the units of the data: x from, x to, y from, y to. */
export type View = [number, number, number, number];

export interface LinkState {
  /** Empty where the link names none. */
  experiment: string;
  /** What differs from what is usual for the data, and the data set. */
  settings: Settings;
  live: LiveChange[];
  points?: Points;
  /** The link starts from an edited state: these components, not those that the settings give. */
  placed?: Placed[];
  /** The true Gaussians, where the visitor has moved them. */
  truth?: Placed[];
  view?: View;
  /** The line-up that is shown side by side in place of the one fit. */
  compare?: string;
  /** The race that is run, by its name. */
  race?: string;
  /** Its contestants, where they are not those of that name. */
  lanes?: LinkedLane[];
  /** What its scores are drawn against. */
  against?: Against;
  /** For a page that holds the element in a frame: its background, as six hexadecimal digits. */
  page?: string;
  theme?: Theme;
}

export interface Decoded {
  state: LinkState;
  /** What was not understood, as sentences. */
  notices: string[];
}

/** What values are checked against where it is known. */
export interface Known {
  schema?: readonly Setting[];
  experiments?: readonly string[];
}

/** The parameters of a link that are no settings: no setting may be called so. */
export const reserved: readonly string[] = [
  'v',
  'experiment',
  'drawn',
  'live',
  'state',
  'placed',
  'truth',
  'view',
  'compare',
  'race',
  'lanes',
  'against',
  'page',
  'theme',
];

/** Names as line-ups have them: in small letters, with hyphens. */
function isLineUp(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,63}$/.test(name);
}

const finite = (value: number): boolean => Number.isFinite(value);

// Writing.

/** Escapes only what a link cannot hold, so that it stays readable. Half a surrogate pair has no escape. */
function escaped(text: string): string {
  return encodeURIComponent(text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD')).replace(
    /%(?:2C|3A|3B|2F|40)/g,
    decodeURIComponent,
  );
}

const numerals = (values: readonly number[]): string => values.map(spellNumber).join(',');

/** A star before its name marks the column of the weights. */
function drawn({ columns, values, weight }: Points): string | undefined {
  const width = columns.length;
  const rows = values.length / width;
  if (width < 1 || width > mostColumns || !Number.isInteger(rows) || rows < 1) return undefined;
  if (rows > mostPoints || !values.every(finite)) return undefined;
  const rounded = columns.map((_, column) =>
    roundToRange(values.filter((_, index) => index % width === column)),
  );
  const names = columns.map((name, column) => {
    const text = part(name.slice(0, longestText));
    return column === weight ? `*${text}` : text;
  });
  const lines = [names.join(',')];
  for (let row = 0; row < rows; row += 1) {
    lines.push(numerals(rounded.map((values) => values[row] ?? 0)));
  }
  return lines.join(';');
}

const toDigits = (value: number): number => Number(value.toPrecision(digits));

/** Weight, mean, and the lower triangle of the covariance. */
function component({ weight, mean, covariance }: Placed): string | undefined {
  const size = mean.length;
  const numbers = [weight ?? 0, ...mean, ...covariance];
  if (size < 1 || size > mostDimensions || covariance.length !== size * size) return undefined;
  if (!numbers.every(finite)) return undefined;
  const lower = covariance.filter((_, index) => index % size <= Math.floor(index / size));
  const share = weight === undefined ? '' : spellNumber(toDigits(weight));
  return `${share}:${numerals(mean.map(toDigits))}:${numerals(lower.map(toDigits))}`;
}

function placedComponents(placed: readonly Placed[]): string | undefined {
  if (placed.length === 0 || placed.length > mostComponents) return undefined;
  const parts = placed.map(component);
  return parts.includes(undefined) ? undefined : parts.join(';');
}

function viewed([x0, x1, y0, y1]: View): string | undefined {
  if (![x0, x1, y0, y1].every(finite) || !(x0 < x1) || !(y0 < y1)) return undefined;
  return numerals([...roundToRange([x0, x1]), ...roundToRange([y0, y1])]);
}

function liveChanges(live: readonly LiveChange[]): string | undefined {
  const parts: string[] = [];
  for (const { iteration, name, value } of live.slice(0, mostLive)) {
    const text = spell(value);
    if (!isName(name) || !isIteration(iteration) || text === undefined) continue;
    parts.push(`${iteration}:${name}:${part(text)}`);
  }
  return parts.length > 0 ? parts.join(',') : undefined;
}

const isIteration = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** The text of a link, without the `#`. What no link can hold is left out. */
export function encode(state: LinkState): string {
  const parameters: [string, string | undefined][] = [
    ['v', String(version)],
    ['experiment', state.experiment.slice(0, longestText) || undefined],
  ];
  for (const [name, value] of Object.entries(state.settings)) {
    if (isName(name) && !reserved.includes(name)) parameters.push([name, spell(value)]);
  }
  const placed = state.placed && placedComponents(state.placed);
  parameters.push(
    ['drawn', state.points && drawn(state.points)],
    ['live', liveChanges(state.live)],
    ['state', placed === undefined ? undefined : 'edited'],
    ['placed', placed],
    ['truth', state.truth && placedComponents(state.truth)],
    ['view', state.view && viewed(state.view)],
    ['compare', state.compare !== undefined && isLineUp(state.compare) ? state.compare : undefined],
    ['race', state.race !== undefined && isLineUp(state.race) ? state.race : undefined],
    ['lanes', state.lanes && lanesInText(state.lanes)],
    ['against', state.against],
    ['page', state.page],
    ['theme', state.theme],
  );
  return parameters
    .flatMap(([name, text]) => (text === undefined ? [] : [`${name}=${escaped(text)}`]))
    .join('&');
}

// Reading.

/** A text from a link within a sentence. */
const quoted = (text: string): string => `“${text.length > 40 ? `${text.slice(0, 39)}…` : text}”`;

const ignored = (name: string, why: string): string =>
  `${quoted(name)} in the link was ignored: ${why}.`;

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function numbers(text: string): number[] | undefined {
  const values: number[] = [];
  for (const piece of text.split(',')) {
    const value = readNumber(piece);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function readDrawn(text: string): Points | undefined {
  const [first = '', ...rows] = text.split(';');
  const names = first.split(',');
  const weight = names.findIndex((name) => name.startsWith('*'));
  const columns = names.map((name, column) => wholePart(column === weight ? name.slice(1) : name));
  if (columns.length > mostColumns || columns.some((name) => name.length > longestText)) {
    return undefined;
  }
  if (rows.length < 1 || rows.length > mostPoints) return undefined;
  const values: number[] = [];
  for (const row of rows) {
    const cells = numbers(row);
    if (cells?.length !== columns.length) return undefined;
    values.push(...cells);
  }
  return weight < 0 ? { columns, values } : { columns, values, weight };
}

function readComponent(text: string): Placed | undefined {
  const pieces = text.split(':');
  if (pieces.length !== 3) return undefined;
  const [share = '', centre = '', triangle = ''] = pieces;
  const weight = share === '' ? undefined : readNumber(share);
  const mean = numbers(centre);
  const lower = numbers(triangle);
  if (!mean || !lower || (share !== '' && weight === undefined)) return undefined;
  const size = mean.length;
  if (size > mostDimensions || lower.length !== (size * (size + 1)) / 2) return undefined;
  const covariance = Array.from({ length: size * size }, (_, index) => {
    const [row, column] = [Math.floor(index / size), index % size];
    const [high, low] = [Math.max(row, column), Math.min(row, column)];
    return lower[(high * (high + 1)) / 2 + low] ?? 0;
  });
  return { ...(weight === undefined ? {} : { weight }), mean, covariance };
}

function readPlaced(text: string): Placed[] | undefined {
  const pieces = text.split(';');
  if (pieces.length > mostComponents) return undefined;
  const placed: Placed[] = [];
  for (const piece of pieces) {
    const one = readComponent(piece);
    if (!one || one.mean.length !== (placed[0] ?? one).mean.length) return undefined;
    placed.push(one);
  }
  return placed;
}

function readView(text: string): View | undefined {
  const [x0, x1, y0, y1, ...more] = numbers(text) ?? [];
  if (x0 === undefined || x1 === undefined || y0 === undefined || y1 === undefined) {
    return undefined;
  }
  return more.length === 0 && x0 < x1 && y0 < y1 ? [x0, x1, y0, y1] : undefined;
}

function readLive(
  text: string,
  schema: readonly Setting[],
  complain: (sentence: string) => void,
): LiveChange[] {
  const pieces = text.split(',');
  if (pieces.length > mostLive) {
    complain(`The link changes more than ${mostLive} settings on the way; the rest was ignored.`);
  }
  const live: LiveChange[] = [];
  for (const piece of pieces.slice(0, mostLive)) {
    const [when = '', name = '', value, ...more] = piece.split(':');
    const iteration = readNumber(when);
    if (
      iteration === undefined ||
      !isIteration(iteration) ||
      !isName(name) ||
      value === undefined ||
      value.length > 3 * longestText ||
      more.length > 0
    ) {
      complain(ignored(piece, 'a change on the way is written iteration:setting:value'));
      continue;
    }
    live.push({ iteration, name, value: typedValue(name, wholePart(value), schema) });
  }
  return live;
}

/**
 * Reads the text of a link, with or without its `#`. Never throws, and does a bounded amount of work
 * whatever the text is. Without a schema names and values are taken as they look.
 */
export function decode(hash: string, known: Known = {}): Decoded {
  const schema = known.schema ?? [];
  const state: LinkState = { experiment: '', settings: {}, live: [] };
  const all: string[] = [];
  const complain = (sentence: string): void => {
    all.push(sentence);
  };
  const notices = (): string[] =>
    all.length > mostNotices
      ? [...all.slice(0, mostNotices), `The link has ${all.length - mostNotices} more such faults.`]
      : all;

  const text = hash.startsWith('#') ? hash.slice(1) : hash;
  if (text.length > longestLink) {
    complain(`The link was not read: it is longer than ${longestLink} letters.`);
    return { state, notices: notices() };
  }
  // One more piece than is read tells that there is more.
  const pieces = text.split('&', mostParameters + 1).filter((piece) => piece !== '');
  if (pieces.length > mostParameters) {
    pieces.length = mostParameters;
    complain(`Only the first ${mostParameters} parameters of the link were read.`);
  }
  const seen = new Set<string>();
  let edited = false;
  for (const piece of pieces) {
    const at = piece.indexOf('=');
    const name = unescaped(at < 0 ? piece : piece.slice(0, at)) ?? piece.slice(0, at);
    const value = at < 0 ? undefined : unescaped(piece.slice(at + 1));
    if (at < 0) {
      complain(ignored(name, 'it has no value'));
    } else if (value === undefined) {
      complain(ignored(name, 'its value is cut off or wrongly escaped'));
    } else if (seen.has(name)) {
      complain(`The link gives ${quoted(name)} more than once; the first counts.`);
    } else {
      seen.add(name);
      read(name, value);
    }
  }
  if (edited && !state.placed) {
    complain('The edited state in the link could not be read; the fit starts from its settings.');
  }
  return { state, notices: notices() };

  function read(name: string, value: string): void {
    const take = <Result>(result: Result | undefined, form: string): Result | undefined => {
      if (result === undefined) complain(ignored(name, `it is to be ${form}`));
      return result;
    };
    switch (name) {
      case 'v': {
        const given = readNumber(value);
        if (given === undefined || given < 1) {
          complain(`The link has no version that is known; it was read as version ${version}.`);
        } else if (given > version) {
          complain(
            'This link is from a newer version of the playground. What this one knows of it was used; reload the page to get the newest.',
          );
        }
        return;
      }
      case 'experiment':
        if (known.experiments && !known.experiments.includes(value)) {
          complain(`There is no experiment called ${quoted(value)}; here is another one.`);
        } else if (value.length > longestText) {
          complain(ignored(name, 'it is too long'));
        } else {
          state.experiment = value;
        }
        return;
      case 'drawn': {
        const form = `column names and up to ${mostPoints} rows of numbers, as in x,y;1,2;3,4`;
        const points = take(readDrawn(value), form);
        if (points) state.points = points;
        return;
      }
      case 'live':
        state.live = readLive(value, schema, complain);
        return;
      case 'state':
        edited = true;
        if (value !== 'edited') complain(ignored(name, 'the only state known is “edited”'));
        return;
      case 'placed': {
        edited = true;
        // The end has a sentence for the case that it cannot be read.
        const placed = readPlaced(value);
        if (placed) state.placed = placed;
        return;
      }
      case 'truth': {
        const truth = take(readPlaced(value), 'amplitude:centre:covariance, as in 2:0,1:1,0,1');
        if (truth) state.truth = truth;
        return;
      }
      case 'view': {
        const view = take(readView(value), 'x from, x to, y from, y to, as in 0,10,-2,8');
        if (view) state.view = view;
        return;
      }
      case 'compare': {
        const compare = take(isLineUp(value) ? value : undefined, 'the name of a line-up');
        if (compare !== undefined) state.compare = compare;
        return;
      }
      case 'race': {
        const race = take(isLineUp(value) ? value : undefined, 'the name of a race');
        if (race !== undefined) state.race = race;
        return;
      }
      case 'lanes': {
        const form = `two to ${mostLanes} models with their settings, as in em,seed:3;sparse,sparsity:0`;
        const lanes = take(readLanes(value), form);
        if (lanes) state.lanes = lanes;
        return;
      }
      case 'against': {
        const given = value === 'iterations' || value === 'seconds' ? value : undefined;
        const against = take<Against>(given, 'iterations or seconds');
        if (against) state.against = against;
        return;
      }
      case 'page': {
        const colour = /^[0-9a-f]{6}$/i.test(value) ? value.toLowerCase() : undefined;
        const page = take(colour, 'a colour of six hexadecimal digits, as in fffefb');
        if (page !== undefined) state.page = page;
        return;
      }
      case 'theme': {
        const given = value === 'light' || value === 'dark' ? value : undefined;
        const theme = take<Theme>(given, 'light or dark');
        if (theme) state.theme = theme;
        return;
      }
    }
    if (!isName(name)) {
      complain(ignored(name, 'no setting has such a name'));
    } else if (value.length > longestText) {
      complain(ignored(name, 'its value is too long'));
    } else {
      state.settings[name] = typedValue(name, value, schema);
    }
  }
}
