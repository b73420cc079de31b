import { readFileSync } from 'node:fs';
import { violations } from './accessibility.ts';
import { expect, look, type Playground, test } from './playground.ts';
import { contestants, raced } from './promises/race.ts';

// Several fits of the same data, run against each other to their ends.

const winner = ({ page }: Playground) => page.locator('.winner');

async function open(playground: Playground, parameters = ''): Promise<void> {
  await playground.page.goto(`./#v=1&experiment=race${parameters === '' ? '' : `&${parameters}`}`);
  await expect(playground.button('Start anew')).toBeEnabled();
}

const hash = ({ page }: Playground): string => new URL(page.url()).hash;

/** Over in a moment. */
const quick = 'dataset=old-faithful&components=2&lanes=em,seed:1;em,seed:2';

test('EM, gradient and sampled Bayes on three blobs', async ({ playground, page }) => {
  test.setTimeout(180_000);
  await open(playground);
  await expect(page.locator('.race .panel')).toHaveCount(3);
  const [em, gradient, bayes] = await raced(playground);
  expect(em).toMatchObject({ label: 'EM', iterations: 13, status: 'converged' });
  expect(em?.score).toBeCloseTo(-3.5342, 4);
  expect(em?.bic).toBeCloseTo(14266.08, 2);
  // Stopped by their limits, and the page says so: one there, the other on its way.
  expect(gradient).toMatchObject({ iterations: 1000, status: 'exhausted' });
  expect(Math.abs((gradient?.score ?? 0) - (em?.score ?? 0))).toBeLessThan(1e-3);
  expect(gradient?.why).toContain('the 1000 iterations that it may');
  expect(bayes).toMatchObject({ iterations: 1200, status: 'exhausted' });
  expect(bayes?.score).toBeLessThan((em?.score ?? 0) - 0.01);
  expect(bayes?.why).toContain('the 300 epochs that it may');
  await expect(winner(playground)).toHaveText(
    'A tie of EM and Gradient: −3.534 a point, to within 0.001.',
  );
  await expect(page.locator('.winner-more')).toHaveText(
    /^EM took the fewest iterations, 13.* stopped by a limit: Gradient and Sampled Bayes\.$/,
  );
  // Something is on every canvas, and the chart says in words what it draws.
  for (const canvas of await page.locator('.race .panel canvas').all()) {
    expect((await look(canvas)).colours).toBeGreaterThan(20);
  }
  await expect(page.locator('.race-plot .way')).toHaveCount(3);
  await expect(page.locator('.race-plot desc')).toContainText(
    'EM: −3.534 a point after 13 iterations.',
  );
  await expect(page.locator('.announcer')).toHaveText(/^A tie of EM and Gradient/);
  // The formula has the score of the one ahead.
  await expect(page.locator('.text .live:visible')).toContainText('−3.534');
});

test('three starts of the same EM', async ({ playground }) => {
  await open(playground, 'race=starts');
  const [spread, random, corner] = await raced(playground);
  for (const one of [spread, random, corner]) expect(one?.status).toBe('converged');
  expect(spread).toMatchObject({ iterations: 5 });
  expect(spread?.score).toBeCloseTo(-3.5342, 4);
  expect(random?.score).toBeCloseTo(-3.9474, 4);
  expect(corner?.score).toBeCloseTo(-4.702, 3);
  await expect(winner(playground)).toHaveText(/^k-means\+\+ wins: −3\.534 a point, after 5 iter/);
});

test('on parallel cigars k-means lets BIC pick the wrong number', async ({ playground }) => {
  await open(playground, 'race=cigars');
  const [two, three, points] = await raced(playground);
  for (const one of [two, three, points]) expect(one?.status).toBe('converged');
  expect(two?.bic).toBeLessThan(three?.bic ?? 0);
  expect(points?.bic).toBeLessThan((two?.bic ?? 0) - 100);
  await expect(winner(playground)).toHaveText(/^Points, K = 3 wins: /);
});

test('three optimizers of the same sum', async ({ playground, page }) => {
  test.setTimeout(180_000);
  await open(playground, 'race=optimizers&against=seconds');
  const [adam, sgd, squares] = await raced(playground);
  expect(adam).toMatchObject({ iterations: 12_600, status: 'exhausted' });
  expect(sgd).toMatchObject({ iterations: 12_600, status: 'exhausted' });
  expect(squares).toMatchObject({ iterations: 200, status: 'exhausted' });
  for (const one of [adam, sgd, squares]) expect(one?.why).toContain('the 200 epochs that it may');
  expect(adam?.score).toBeLessThan(1e-9);
  expect(squares?.score).toBeLessThan(1e-9);
  expect(sgd?.score).toBeGreaterThan(1e-5);
  await expect(winner(playground)).toHaveText(
    'A tie of Adam and Levenberg–Marquardt: a test MSE below 10⁻⁹, which is exact.',
  );
  await expect(page.locator('.race-table th[data-name="bic"]')).toBeHidden();
  await expect(page.locator('.race-plot')).toContainText('Seconds of iterating');
});

test('without a graphics processor, single runs against double precision, and the page says so', async ({
  playground,
  page,
}) => {
  test.setTimeout(180_000);
  await open(playground, 'race=processors');
  await expect(page.locator('.race .panel h2')).toHaveText(['Single', 'Double']);
  await expect(page.locator('.winner-more')).toContainText(
    /graphics (adapter|processor).* So single precision runs against double, both on the processor\./,
  );
  const [single, double] = await raced(playground);
  for (const one of [single, double]) expect(one?.status).toBe('converged');
  expect(Math.abs((single?.score ?? 0) - (double?.score ?? 9))).toBeLessThan(1e-3);
  await expect(winner(playground)).toHaveText(/^A tie: 2\.056 a point, to within 0\.001\.$/);
});

test('the same race ends the same, in step and flat out', async ({ playground }) => {
  const numbers = async (): Promise<unknown[]> =>
    (await raced(playground)).map(({ score, bic, iterations, status }) => [
      score,
      bic,
      iterations,
      status,
    ]);
  const lanes = 'lanes=em,seed:5;sparse,iterations:60;sampled-bayes,epochs:10;coordinate-ascent';
  const parameters = `dataset=three-blobs&points=1000&dataSeed=4&components=3&${lanes}`;
  await open(playground, parameters);
  const first = await numbers();
  expect(first).toHaveLength(4);
  await playground.button('Race again').click();
  await expect(playground.output('status')).toHaveText('Running');
  expect(await numbers()).toEqual(first);
  await playground.page.goto('about:blank');
  await open(playground, `${parameters}&against=seconds`);
  expect(await numbers()).toEqual(first);
});

test('in step nobody is ahead, and one button plays and pauses all', async ({
  playground,
  page,
}) => {
  const long = 'lanes=sparse,iterations:100000,seed:1;sparse,iterations:100000,seed:2';
  await open(playground, `dataset=three-blobs&points=500&components=3&${long}`);
  const done = async (): Promise<number[]> =>
    (await contestants(playground)).map(({ iterations }) => iterations);
  await expect.poll(async () => Math.min(...(await done()))).toBeGreaterThan(20);
  await playground.button('Pause').click();
  await expect(page.locator('td[data-name="status"]')).toHaveText(['Paused', 'Paused']);
  await page.waitForTimeout(400);
  const paused = await done();
  const [low, high] = [Math.min(...paused), Math.max(...paused)];
  // A tenth of a second's worth, and what a frame brings.
  expect(high - low).toBeLessThan(8 + 0.2 * high);
  await page.waitForTimeout(600);
  expect(await done()).toEqual(paused);
  await playground.button('Play').click();
  await expect.poll(async () => Math.min(...(await done()))).toBeGreaterThan(high);
  await playground.button('Start anew').click();
  await expect.poll(async () => Math.max(...(await done()))).toBeLessThan(high);
});

test('contestants are added, changed and taken away, and all start anew', async ({
  playground,
  page,
}) => {
  await open(playground, quick);
  await raced(playground);
  expect(hash(playground)).toBe(`#v=1&experiment=race&${quick}`);
  await expect(page.locator('.race .panel h2')).toHaveText(['EM, seed 1', 'EM, seed 2']);
  await playground.button('Add a contestant').click();
  await expect(page.locator('.race .panel h2')).toHaveText([
    'EM, seed 1',
    'EM, seed 2',
    'Gradient',
  ]);
  await expect.poll(() => hash(playground)).toContain('lanes=em,seed:1;em,seed:2;sparse');
  await page.locator('.lane').nth(2).locator('summary').click();
  await page
    .locator('.lane')
    .nth(2)
    .getByRole('combobox', { name: 'Model' })
    .selectOption('coordinate-ascent');
  await expect(page.locator('.race .panel h2').nth(2)).toHaveText('Coordinate ascent');
  const [, , ascent] = await raced(playground);
  expect(ascent?.status).toBe('converged');
  // One more is as many as there may be.
  await playground.button('Add a contestant').click();
  await expect(page.locator('.race .panel')).toHaveCount(4);
  await expect(playground.button('Add a contestant')).toBeHidden();
  await page.locator('.lane').first().locator('summary').click();
  await playground.radio('Covariance', 'Tied').click();
  await expect.poll(() => hash(playground)).toContain('em,seed:1,covarianceType:tied;');
  await page.getByRole('switch', { name: 'Worst start: one corner' }).first().click();
  await expect.poll(() => hash(playground)).toContain('corner:true');
  await playground.button(/^Remove EM, one corner/).click();
  await expect(page.locator('.race .panel')).toHaveCount(3);
  // What the link says is what is raced by whoever opens it.
  const before = await raced(playground);
  await page.reload();
  const scores = (found: typeof before): number[] => found.map(({ score }) => score);
  expect(scores(await raced(playground))).toEqual(scores(before));
});

test('data, seed and number of Gaussians are the same for all', async ({ playground, page }) => {
  await open(playground, 'race=starts');
  const before = await raced(playground);
  const seed = page.getByRole('textbox', { name: 'Data seed' });
  await seed.fill('4');
  await seed.press('Enter');
  await expect.poll(() => hash(playground)).toContain('race=starts');
  expect(hash(playground)).toContain('dataSeed=4');
  const after = await raced(playground);
  expect(after[0]?.score).not.toBe(before[0]?.score);
  await playground.dataset.selectOption('old-faithful');
  const canvases = page.locator('.race .panel canvas');
  for (const canvas of await canvases.all()) {
    await expect(canvas).toHaveAttribute('aria-label', /272 points/);
  }
  await playground.type('Components', '2');
  expect((await raced(playground))[0]?.bic).toBeCloseTo(2322.19, 1);
});

test('mixtures and sums of Gaussians never race each other', async ({ playground, page }) => {
  await open(playground, 'lanes=em;sum;sparse,iterations:20');
  await expect(playground.notice).toContainText('no score in common');
  await expect(page.locator('.race .panel h2')).toHaveText(['EM', 'Gradient']);
  await playground.radio('Problem', 'Regression').click();
  await expect(page.locator('.race .panel h2')).toHaveText(['Adam', 'Levenberg–M.']);
  await page.locator('.lane summary').first().click();
  // There is no other model to choose.
  await expect(page.getByRole('combobox', { name: 'Model' })).toBeHidden();
  await expect(page.getByRole('combobox', { name: 'Optimizer' })).toBeVisible();
});

test('what a link has wrong is said, and the rest is run', async ({ playground, page }) => {
  await open(playground, 'race=nonsense&lanes=em,components:99;em,seed:4&speed=3');
  await expect(playground.notice).toContainText('There is no race called “nonsense”');
  await expect(playground.notice).toContainText('“speed” in the link was ignored');
  await expect(playground.notice).toContainText('99');
  await expect(page.locator('.race .panel')).toHaveCount(2);
  await page.goto('about:blank');
  await open(playground, 'lanes=em');
  await expect(playground.notice).toContainText('“lanes” in the link was ignored');
  await expect(page.locator('.race .panel')).toHaveCount(3);
  await page.goto('about:blank');
  await open(playground, 'race=starts&lanes=em;magic');
  await expect(playground.notice).toContainText('no contestant “magic”');
  await expect(page.locator('.race .panel h2')).toHaveText([
    'k-means++',
    'Random points',
    'One corner',
  ]);
});

test('who fails is told, with the reason, and does not win', async ({ playground, page }) => {
  await open(
    playground,
    'dataset=three-blobs&points=500&components=3&lanes=em;sparse,optimizer:sgd,learningRate:5',
  );
  const [, lost] = await raced(playground);
  expect(lost?.status).toBe('failed');
  await expect(winner(playground)).toHaveText(/^EM wins: /);
  await expect(page.locator('.winner-more')).toContainText(/Gradient failed: After iteration \d+/);
});

test('one of them opens alone, and the visitor’s own data come along', async ({
  playground,
  page,
}) => {
  await open(playground, 'race=starts');
  const [spread] = await raced(playground);
  await playground.button('Open this one: k-means++').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('EM mixture');
  await playground.fastest();
  await playground.status('Converged');
  await expect.poll(() => playground.value('objective')).toBe(spread?.score);
  const rows = Array.from({ length: 60 }, (_, index) => `${index % 7},${(index * 5) % 11}`);
  await playground.paste(`x,y\n${rows.join('\n')}`);
  await expect(playground.about).toContainText('60 points');
  await page.getByRole('navigation').getByRole('link', { name: 'Race' }).click();
  await expect(playground.dataset).toHaveValue('own');
  for (const canvas of await page.locator('.race .panel canvas').all()) {
    await expect(canvas).toHaveAttribute('aria-label', /60 points/);
  }
  const before = await raced(playground);
  // The points are in the link.
  await playground.type('Components', '2');
  await expect.poll(() => hash(playground)).toContain('drawn=');
  const after = await raced(playground);
  expect(after[0]?.score).not.toBe(before[0]?.score);
  await page.reload();
  expect((await raced(playground))[0]?.score).toBe(after[0]?.score);
});

test('picture and numbers are taken away', async ({ playground, page }) => {
  await open(playground, quick);
  const found = await raced(playground);
  const file = async (words: string): Promise<Buffer> => {
    await playground.button('Save').click();
    const waiting = page.waitForEvent('download');
    await playground.button(words).click();
    return readFileSync(await (await waiting).path());
  };
  const numbers = (await file('Numbers, CSV')).toString().trimEnd().split('\r\n');
  expect(numbers).toHaveLength(3);
  expect(numbers[1]).toContain(String(found[0]?.score));
  const curves = (await file('Curves, CSV')).toString().trimEnd().split('\r\n');
  expect(curves).toHaveLength(1 + (found[0]?.iterations ?? 0) + (found[1]?.iterations ?? 0) + 2);
  const picture = await file('Picture, PNG');
  expect(picture.subarray(1, 4).toString()).toBe('PNG');
  expect(picture.length).toBeGreaterThan(20_000);
});

test('races are chosen by the keyboard, and each is a step to come back from', async ({
  playground,
  page,
}) => {
  await open(playground, quick);
  await raced(playground);
  await playground.button('k-means++, random, worst start').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => hash(playground)).toBe('#v=1&experiment=race&race=starts');
  await expect(playground.button('k-means++, random, worst start')).toHaveAttribute(
    'aria-current',
    'true',
  );
  await raced(playground);
  await page.getByRole('radio', { name: 'Iterations, in step' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => hash(playground)).toContain('against=seconds');
  await page.goBack();
  await expect(page.locator('.race .panel')).toHaveCount(2);
});

test('reduced motion waits for the button', async ({ playground, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(playground, quick);
  await expect(playground.output('status')).toHaveText('Paused');
  await page.waitForTimeout(500);
  expect(await playground.value('iteration')).toBe(0);
  await playground.button('Play').click();
  await raced(playground);
});

test('in a post: panels, chart and the winner’s line', async ({ playground, page }) => {
  await page.setViewportSize({ width: 680, height: 464 });
  await page.goto(`./embed.html#v=1&experiment=race&race=starts`);
  await expect(winner(playground)).toHaveText(/^k-means\+\+ wins/, { timeout: 30_000 });
  await expect(page.locator('.race-plot .way')).toHaveCount(3);
  await expect(page.locator('.race-table')).toBeHidden();
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(464);
});

test('on a phone the panels stack, the chart is below, and nothing is too wide', async ({
  playground,
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(playground, 'race=starts');
  await raced(playground);
  const boxes = await page
    .locator('.race .panel, .race-plot')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect()));
  expect(new Set(boxes.map(({ left }) => left)).size).toBe(1);
  const tops = boxes.map(({ top }) => top);
  expect(tops).toEqual([...tops].sort((a, b) => a - b));
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await expect(page.getByRole('combobox', { name: 'Experiment' })).toHaveValue('race');
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test(`axe finds nothing in the race, ${colorScheme}, ${width} px`, async ({
      playground,
      page,
    }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await open(playground, 'race=starts');
      await raced(playground);
      for (const drawer of await page.locator('.drawer-head button:visible').all()) {
        await drawer.click();
      }
      for (const summary of await page.locator('summary:visible').all()) await summary.click();
      expect(await violations(page)).toEqual([]);
    });
  }
}
