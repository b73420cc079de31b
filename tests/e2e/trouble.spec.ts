import { expect, type Playground, test } from './playground.ts';

/** Waits for a trouble of a kind to be said, presses what mends it, and sees it gone. */
async function mend(playground: Playground, kind: string, words: RegExp): Promise<void> {
  const row = playground.page.locator(`.troubles li[data-kind="${kind}"]:visible`);
  await expect(row).toHaveText(words, { timeout: 40_000 });
  await row.getByRole('button').first().click();
  await expect(row).toBeHidden();
}

test('a fit that is not finite goes back and takes half the learning rate', async ({
  playground,
}) => {
  test.setTimeout(150_000);
  await playground.openExperiment('bayesian-mixture');
  await playground.link(/turns negative/).click();
  await expect(playground.output('status')).toHaveText('Failed', { timeout: 30_000 });
  await expect(playground.typed('Learning rate')).toHaveValue('0.05');
  // As often as it takes: each time it goes back to where it was finite.
  const fix = playground.troubles.getByRole('button', { name: /halve the learning rate/i });
  await fix.click();
  await expect(playground.typed('Learning rate')).toHaveValue('0.025');
  await expect(async () => {
    if (await fix.isVisible()) await fix.click({ timeout: 1000 });
    expect(await playground.output('status').textContent()).not.toBe('Failed');
    await playground.page.waitForTimeout(3000);
    expect(await playground.output('status').textContent()).not.toBe('Failed');
  }).toPass({ timeout: 90_000 });
});

test('more components than points is an error with a way out', async ({ playground }) => {
  await playground.open();
  await playground.paste('x,y\n0,0\n0,1\n1,0\n5,5\n5,6\n');
  await expect(playground.about).toContainText('5 points');
  await playground.type('Components', '9');
  await expect(playground.notice.getByRole('alert')).toHaveText(/9 components need/);
  await playground.notice.getByRole('button', { name: 'Use 5 components' }).click();
  await expect(playground.rows).toHaveCount(5);
  await expect(playground.notice).toBeHidden();
});

test('two components on one cluster: one is moved', async ({ playground }) => {
  const link = 'experiment=em-mixture&dataset=three-blobs&components=3&tolerance=0.001';
  const one = '0.45:8,1.5:0.6,0,0.8';
  await playground.openLink(`${link}&state=edited&placed=${one};${one};0.1:2.5,2.5:1.2,0,0.8`);
  await mend(playground, 'duplicate', /same points/);
});

test('a learning rate too small to move is raised', async ({ playground }) => {
  await playground.openLink('experiment=sum-of-gaussians&learningRate=0');
  await playground.fastest();
  await mend(playground, 'slow', /learning rate/i);
  await expect(playground.typed('Learning rate')).toHaveValue('0.001');
});
