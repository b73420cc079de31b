import { expect, test } from '@playwright/test';
import { readLanes } from '../../www/links/lanes.ts';
import { decode, encode } from '../../www/links/link.ts';
import { across, linearTicks, upwards } from '../../www/race/chart.ts';
import { Clock } from '../../www/race/clock.ts';
import { entryOf, entryOfLink, linkOfEntry } from '../../www/race/entry.ts';
import { measures } from '../../www/race/measure.ts';
import { labelsOf, modelNamed, settingsOfContestant } from '../../www/race/models.ts';
import { presets } from '../../www/race/presets.ts';
import { leadersOf, type Standing, verdictOf } from '../../www/race/standings.ts';

// The parts of the race that need no browser.

const { mixture, regression } = measures;

const standing = (
  label: string,
  score: number | undefined,
  more: Partial<Standing> = {},
): Standing => ({
  label,
  score,
  iterations: 10,
  seconds: 1,
  state: 'converged',
  message: '',
  ...more,
});

test('a link carries contestants, and gives them back', () => {
  const lanes = [
    { model: 'em', settings: { initialization: 'kmeans++', seed: 3 } },
    { model: 'sparse', settings: { sparsity: 0, learningRate: 1e-7 } },
    { model: 'sum', settings: { optimizer: 'levenberg-marquardt', corner: true } },
  ];
  const state = {
    experiment: 'race',
    settings: { dataset: 'spiral', components: 4 },
    live: [],
    lanes,
    against: 'seconds' as const,
  };
  const text = encode(state);
  expect(text).toBe(
    'v=1&experiment=race&dataset=spiral&components=4&lanes=em,initialization:kmeans%2B%2B,seed:3;sparse,sparsity:0,learningRate:1e-7;sum,optimizer:levenberg-marquardt,corner:true&against=seconds',
  );
  expect(decode(text)).toEqual({ state, notices: [] });
  // What separates is no part of a value.
  const odd = [
    { model: 'em', settings: { name: 'a,b:c;d%2C*' } },
    { model: 'em', settings: {} },
  ];
  expect(decode(encode({ ...state, lanes: odd })).state.lanes).toEqual(odd);
});

test('contestants that no race can have are not read', () => {
  for (const text of [
    '',
    'em',
    'em;em;em;em;em',
    'em;EM',
    'em;em,seed',
    'em;em,seed:1:2',
    'em;em,__proto__:1',
    'em;em,constructor:1',
    `em;em,name:${'x'.repeat(1_300)}`,
    `em;em${',a:1'.repeat(50)}`,
  ]) {
    expect(readLanes(text), text).toBeUndefined();
  }
  const { state, notices } = decode('v=1&experiment=race&race=No!&lanes=em&against=hours');
  expect(state).toEqual({ experiment: 'race', settings: {}, live: [] });
  expect(notices).toHaveLength(3);
});

test('the address of a race says no more than it must', () => {
  for (const preset of presets) {
    const entry = entryOf(preset, true);
    expect(linkOfEntry(entry)).toEqual({ settings: {}, race: preset.name });
    entry.shared.dataSeed = 99;
    const link = linkOfEntry(entry);
    expect(link).toEqual({ settings: { dataSeed: 99 }, race: preset.name });
    const read = entryOfLink({ live: [], placed: [], ...link }, undefined, true);
    expect(read).toEqual(entry);
    // Its contestants are of one kind, two to four of them, each with a name of its own.
    const labels = entry.contestants.map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
    expect(new Set(entry.contestants.map(({ model }) => model.kind)).size).toBe(1);
    expect(labels.length).toBeGreaterThan(1);
    expect(labels.length).toBeLessThan(5);
  }
});

test('races are run on the processor, unless they are about what else there is', () => {
  for (const preset of presets) {
    for (const hardware of [true, false]) {
      for (const contestant of entryOf(preset, hardware).contestants) {
        const { backend = 'cpu' } = settingsOfContestant(contestant, preset.shared);
        const meant = preset.name === 'processors' && hardware && contestant.label === 'GPU';
        expect(backend).toBe(meant ? 'gpu' : 'cpu');
      }
    }
  }
});

test('contestants without a name are called by what tells them apart', () => {
  const [em, bayes] = [modelNamed('em'), modelNamed('sampled-bayes')];
  if (!em || !bayes) throw new Error('There is no such model.');
  const lane = (settings: Record<string, string | number | boolean>) => ({ model: em, settings });
  const named = (...all: Parameters<typeof labelsOf>[0]): string[] => labelsOf(all, []);
  expect(named(lane({ seed: 3 }), { model: bayes, settings: {} })).toEqual(['EM', 'Sampled Bayes']);
  expect(named(lane({ seed: 3 }), lane({ seed: 4 }))).toEqual(['EM, seed 3', 'EM, seed 4']);
  expect(named(lane({}), lane({ nInit: 10 }), lane({ corner: true }))).toEqual([
    'EM',
    'EM, 10 starts',
    'EM, one corner',
  ]);
  expect(named(lane({}), lane({}))).toEqual(['EM (1)', 'EM (2)']);
});

test('the best leads, with those as good as that; who failed is out', () => {
  expect(
    leadersOf([standing('a', -3.5), standing('b', -3.5009), standing('c', -3.502)], mixture),
  ).toEqual([0, 1]);
  expect(leadersOf([standing('a', 5, { state: 'failed' }), standing('b', -3)], mixture)).toEqual([
    1,
  ]);
  expect(leadersOf([standing('a', Number.NaN), standing('b', undefined)], mixture)).toEqual([]);
  expect(
    leadersOf([standing('a', 1e-12), standing('b', 1e-14), standing('c', 1e-6)], regression),
  ).toEqual([0, 1]);
  expect(
    leadersOf([standing('a', 0.1), standing('b', 0.104), standing('c', 0.2)], regression),
  ).toEqual([0, 1]);
});

test('the winner’s line says who, by what, and who did not come to an end', () => {
  const early = [standing('a', -3.5, { iterations: 0, state: 'running' })];
  expect(verdictOf(early, mixture, false, 'iterations').words).toBe('Ready.');
  const running = [standing('a', -3.5, { state: 'running' }), standing('b', -3.6)];
  expect(verdictOf(running, mixture, false, 'iterations').words).toBe('Ahead: a, −3.500 a point.');
  expect(verdictOf(running, mixture, true, 'iterations')).toEqual({
    leaders: [0],
    words: 'a wins: −3.500 a point, after 10 iterations and 1.0 s.',
    more: 'Next is b, 0.100 lower.',
  });
  expect(verdictOf(running, mixture, true, 'seconds').words).toBe(
    'a wins: −3.500 a point, after 1.0 s and 10 iterations.',
  );
  const tie = [
    standing('a', -3.5, { iterations: 7, seconds: 2 }),
    standing('b', -3.5, { iterations: 9, state: 'exhausted' }),
    standing('c', -4, { state: 'failed', message: 'It blew up.' }),
  ];
  expect(verdictOf(tie, mixture, true, 'iterations')).toEqual({
    leaders: [0, 1],
    words: 'A tie of a and b: −3.500 a point, to within 0.001.',
    more: 'a took the fewest iterations, 7; b took the least time, 1.0 s. c failed: It blew up. Not converged, but stopped by a limit: b.',
  });
  const same = [standing('a', 1), standing('b', 1, { seconds: 0.5 })];
  expect(verdictOf(same, mixture, true, 'seconds')).toMatchObject({
    words: 'A tie: 1.000 a point, to within 0.001.',
    more: 'Each took 10 iterations; b took the least time, 0.500 s.',
  });
  const none = [standing('a', undefined, { state: 'broken' })];
  expect(verdictOf(none, mixture, true, 'seconds')).toMatchObject({
    words: 'None of them came to an end.',
    more: 'a failed: it cannot be kept running here.',
  });
});

test('the clock grows with what is done, and waits for the slowest', () => {
  const clock = new Clock();
  clock.tick(0, 0);
  expect(clock.limit).toBe(0);
  let now = 0;
  const seconds = (count: number, slowest: () => number): void => {
    for (const end = now + 1000 * count; now < end; now += 16) clock.tick(now, slowest());
  };
  seconds(1, () => clock.limit);
  expect(clock.limit).toBeGreaterThanOrEqual(4);
  expect(clock.limit).toBeLessThan(8);
  seconds(12, () => clock.limit);
  expect(clock.limit).toBeGreaterThan(5_000);
  const far = clock.limit;
  seconds(2, () => far);
  // No more than a tenth of a second's worth ahead.
  expect(clock.limit).toBeLessThan(far * 1.1);
  clock.at(5);
  expect(clock.limit).toBe(5);
});

test('axes have round ticks, and decades where ends are far apart', () => {
  expect(linearTicks(0, 13)).toEqual([0, 5, 10]);
  expect(linearTicks(-4.7, -3.4)).toEqual([-4.5, -4, -3.5]);
  expect(across([13, 100], 'iterations').ticks).toEqual([0, 20, 40, 60, 80, 100]);
  const far = across([13, 12_600], 'iterations');
  expect(far.ticks).toEqual([0, 1, 10, 100, 1000, 10_000]);
  expect(far.place(0)).toBe(0);
  expect(far.place(12_600)).toBe(1);
  const errors = upwards([[1, 1e-12]], regression);
  expect(errors.place(1e-20)).toBe(0);
  // Nothing yet is drawn as well.
  for (const measure of [mixture, regression]) {
    const { place, ticks } = upwards([], measure);
    expect(Number.isFinite(place(-3))).toBe(true);
    expect(ticks.every(Number.isFinite)).toBe(true);
  }
});
