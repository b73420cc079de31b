import { expect, look, type Playground, test } from './playground.ts';

/** Drawn data sets, with the points that each opens with. */
const SETS = [
  { dataset: 'anisotropic', points: '1,500 points', truth: true },
  { dataset: 'uneven-sizes', points: '2,000 points', truth: true },
  { dataset: 'parallel-cigars', points: '900 points', truth: true },
  { dataset: 'noise', points: '1,500 points', truth: true },
  { dataset: 'two-moons', points: '1,000 points', truth: false },
  { dataset: 'rings', points: '1,000 points', truth: false },
];

const truth = (playground: Playground) =>
  playground.page.getByRole('group', { name: 'Shown' }).getByText('Truth', { exact: true });

for (const experiment of ['em-mixture', 'sparse-mixture', 'bayesian-mixture']) {
  test(`every drawn data set is fitted: ${experiment}`, async ({ playground }) => {
    test.slow();
    await playground.openLink(`experiment=${experiment}`);
    await playground.fastest();
    for (const { dataset, points, truth: known } of SETS) {
      await playground.dataset.selectOption(dataset);
      await expect(playground.about).toContainText(points);
      await expect(playground.page.getByRole('textbox', { name: 'Data seed' })).toBeVisible();
      // It goes on without having to be told, and may be over by now.
      await expect.poll(() => playground.value('iteration')).toBeGreaterThan(0);
      await expect(playground.output('status')).toHaveText(/^(Running|Converged|Stopped)$/);
      await expect(playground.page.locator('.recovered')).toBeVisible({ visible: known });
      await expect(truth(playground)).toBeVisible({ visible: known });
      const index = await playground.value('adjustedRandIndex');
      expect(index).toBeGreaterThanOrEqual(-0.5);
      expect(index).toBeLessThanOrEqual(1);
    }
  });
}

test('the three blobs are told apart and found', async ({ playground }) => {
  await playground.openLink('experiment=em-mixture&dataset=three-blobs&nInit=10');
  await playground.fastest();
  await playground.status('Converged');
  expect(await playground.settled('adjustedRandIndex')).toBeGreaterThan(0.99);
  await expect(playground.output('recovered')).toHaveText('3 of 3');
  const rows = playground.page.locator('.recovered tbody tr');
  await expect(rows).toHaveCount(3);
  await expect(playground.page.locator('.recovered thead')).toContainText('Weight');
  await expect(rows.last()).toContainText('of 0.5');
  await expect(rows.last()).toHaveAttribute('title', /with its weight to within a fifth/);
});

test('truth is drawn, and not once it is switched off', async ({ playground }) => {
  await playground.openLink(
    'experiment=em-mixture&dataset=three-blobs&nInit=10&showEllipses=false&showPaths=false' +
      '&showPoints=false&showDensity=false',
  );
  await playground.fastest();
  await playground.status('Converged');
  const canvas = playground.page.locator('canvas[role="img"]');
  const dashed = await look(canvas);
  await truth(playground).click();
  await expect(playground.page.locator('.recovered')).toBeHidden();
  // Dashes are darker than the page.
  await expect.poll(async () => (await look(canvas)).lightness).toBeGreaterThan(dashed.lightness);
  await truth(playground).click();
  await expect(playground.page.locator('.recovered')).toBeVisible();
  await expect.poll(async () => (await look(canvas)).lightness).toBeCloseTo(dashed.lightness, 1);
});

test('points added by hand are of no group', async ({ playground }) => {
  await playground.openLink('experiment=em-mixture&dataset=three-blobs&nInit=10');
  await playground.fastest();
  await playground.status('Converged');
  await expect(playground.output('adjustedRandIndex')).toBeVisible();
  await playground.radio('Tool', 'Add').check();
  const at = await playground.place(0.5, 0.5);
  await playground.page.mouse.click(at.x, at.y);
  await expect(playground.about).toContainText('2,001 points');
  await expect(playground.output('adjustedRandIndex')).toHaveCount(0);
  await expect(playground.page.locator('.recovered')).toBeHidden();
  await playground.button('Undo').click();
  await expect(playground.about).toContainText('2,000 points');
  await expect(playground.output('adjustedRandIndex')).toBeVisible();
});
