import fc from 'fast-check';
import { expect, type Playground, test } from './playground.ts';

const hash = (playground: Playground): Promise<string> =>
  playground.page.evaluate(() => location.hash);

/** The link that Share gives. */
async function share(playground: Playground): Promise<string> {
  await playground.button('Share').click();
  const field = playground.page.getByRole('textbox', { name: 'Link', exact: true });
  await expect(field).toHaveValue(/#v=1&/);
  const link = await field.inputValue();
  await playground.page.keyboard.press('Escape');
  return link;
}

/** Opens a link as another visitor would: in a page that was somewhere else. */
async function follow(playground: Playground, link: string): Promise<void> {
  await playground.page.goto('about:blank');
  await playground.page.goto(link);
  await expect(playground.output('backend')).toHaveText('CPU');
}

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('Share copies a link that brings the same fit', async ({ playground, page }) => {
  await playground.openLink('experiment=em-mixture&dataset=three-blobs');
  await playground.fastest();
  await playground.type('Components', '4');
  await expect(playground.rows).toHaveCount(4);
  await playground.radio('Covariance', 'Full').check();
  await playground.status('Converged');
  const [total, iteration] = [await playground.value('total'), await playground.value('iteration')];
  const link = await share(playground);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  expect(link).toContain('components=4');
  expect(link).toContain('covarianceType=full');
  await follow(playground, link);
  await playground.fastest();
  await playground.status('Converged');
  expect(await playground.value('total')).toBe(total);
  expect(await playground.value('iteration')).toBe(iteration);
});

test('changes on the way are in the link, and happen again', async ({ playground }) => {
  const start = 'experiment=sparse-mixture&points=500&components=6&iterations=60&backend=cpu';
  await playground.openLink(start);
  await playground.button('Pause').click();
  await playground.button('Reset').click();
  for (const iteration of ['1', '2', '3']) {
    await playground.step();
    await expect(playground.output('iteration')).toHaveText(iteration);
  }
  await playground.type('Sparsity', '100');
  await playground.fastest();
  await playground.button('Play').click();
  await playground.status('Stopped');
  const cost = await playground.value('objective');
  const link = await share(playground);
  expect(link).toContain('live=3:sparsity:100');
  expect(link).not.toContain('&sparsity=');
  await follow(playground, link);
  await playground.fastest();
  await playground.status('Stopped');
  expect(await playground.value('objective')).toBe(cost);
  await expect(playground.typed('Sparsity')).toHaveValue('100');
});

test('what was moved by hand is in the link as it is', async ({ playground }) => {
  await playground.openLink('experiment=em-mixture&tolerance=0&maxIterations=60');
  await playground.fastest();
  await playground.status('Stopped');
  const { page } = playground;
  const found = await playground.overHandle();
  const total = await playground.value('total');
  await page.mouse.down();
  await page.mouse.move(found.x + 40, found.y + 60, { steps: 6 });
  await page.mouse.up();
  await expect.poll(() => playground.value('total')).toBeLessThan(total);
  const moved = await playground.settled('total');
  const link = await share(playground);
  expect(link).toContain('state=');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await follow(playground, link);
  await expect(playground.notice).toContainText('Starts from an edited state');
  await expect(playground.output('iteration')).toHaveText('0');
  expect(Math.abs((await playground.value('total')) - moved)).toBeLessThan(0.05);
});

test('points drawn by hand are in the link', async ({ playground, page }) => {
  await playground.open();
  await playground.paste('x,y\n0,0\n0,1\n1,0\n5,5\n5,6\n6,5\n9.25,0\n');
  await expect(playground.about).toContainText('7 points');
  const link = await share(playground);
  await follow(playground, link);
  await expect(playground.about).toContainText('7 points');
  await expect(playground.dataset).toHaveValue('own');
  await playground.fastest();
  await playground.status('Converged');
  // They can be chosen again after another data set.
  await playground.dataset.selectOption('galaxies');
  await expect(playground.about).toContainText('82 points');
  await playground.dataset.selectOption('own');
  await expect(playground.about).toContainText('7 points');
  expect(page.url()).toContain('v=1');
});

test('a reproducible link runs on the CPU', async ({ playground, page }) => {
  await playground.open();
  await playground.button('Share').click();
  const field = page.getByRole('textbox', { name: 'Link', exact: true });
  await expect(field).toHaveValue(/#v=1&/);
  await page.getByRole('switch', { name: /Reproducible/ }).check();
  await expect(field).toHaveValue(/backend=cpu/);
});

test('the browser goes back and forth between what was opened', async ({ playground, page }) => {
  await playground.open();
  await page.getByRole('link', { name: 'Sparse mixture' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sparse mixture');
  await expect.poll(() => hash(playground)).toContain('experiment=sparse-mixture');
  await playground.dataset.selectOption('three-blobs');
  await expect.poll(() => hash(playground)).toContain('dataset=three-blobs');
  await page.goBack();
  await expect(playground.dataset).toHaveValue('spiral');
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('EM mixture');
  await page.goForward();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sparse mixture');
});

test('what a link gets wrong is ignored or clamped, and said', async ({ playground }) => {
  await playground.openLink('experiment=em-mixture&components=99&nonsense=1&covarianceType=round');
  await expect(playground.notice).toContainText('16');
  await expect(playground.notice).toContainText('nonsense');
  await expect(playground.typed('Components')).toHaveValue('16');
  await expect(playground.radio('Covariance', 'Full')).toBeChecked();
  await playground.page.goto('./#v=1&experiment=astrology');
  await expect(playground.notice).toContainText('astrology');
  await expect(playground.page.getByRole('heading', { level: 1 })).toHaveText('EM mixture');
});

test('points of a link that cannot be fitted are left out, and said', async ({ playground }) => {
  await playground.open();
  const base = playground.page.url().split('#')[0] ?? '';
  for (const drawn of ['x,y;1,1', 'x,y;1,1;1,1', 'a,b,c,d;1,2,3,4;5,6,7,8']) {
    await follow(playground, `${base}#v=1&experiment=em-mixture&dataset=own&drawn=${drawn}`);
    await expect(playground.notice).toContainText('The points of the link were ignored');
    await expect(playground.about).toContainText('272 points');
  }
});

test('no link hangs or crashes the page', async ({ playground, page }) => {
  test.setTimeout(240_000);
  await playground.open();
  const names = 'components dataset covarianceType tolerance seed points noise nInit sparsity'
    .concat(' learningRate batchSize epochs range trueSigma method backend view live state')
    .concat(' placed drawn speed standardize initialVariance showPoints theme page')
    .split(' ');
  const value = fc.oneof(
    fc.double().map(String),
    fc.integer().map(String),
    fc.constantFrom(
      'own',
      'spiral',
      'galaxies',
      'true',
      '',
      'edited',
      '1,2,3,4',
      '0:seed:1',
      '%zz',
    ),
    fc.string({ maxLength: 30 }),
  );
  const pair = fc.tuple(fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 8 })), value);
  const experiment = fc.constantFrom(
    'sum-of-gaussians',
    'bump',
    'bump-sweep',
    'em-mixture',
    'sparse-mixture',
    'bayesian-mixture',
    '',
    'x',
  );
  const links = fc.sample(fc.tuple(experiment, fc.array(pair, { maxLength: 6 })), {
    numRuns: 80,
    seed: 5,
  });
  for (const [name, pairs] of links) {
    const text = pairs.map(([key, given]) => `${key}=${given}`).join('&');
    await page.evaluate((next) => {
      location.hash = next;
    }, `v=1&experiment=${name}&${text}`);
    await page.waitForTimeout(60);
  }
  // The page answers, the Worker lives, and another link is followed.
  await expect(page.locator('.lost')).toBeHidden();
  await page.evaluate(() => {
    location.hash = 'v=1&experiment=em-mixture&dataset=galaxies';
  });
  await expect(playground.about).toContainText('82 points', { timeout: 30_000 });
  await playground.fastest();
  await playground.status('Converged');
  await expect(page.getByText('broke down')).toHaveCount(0);
});
