import { expect, type Playground, test } from './playground.ts';

/** A fit that has done some iterations and stands. */
async function run(playground: Playground, iterations: number): Promise<void> {
  await playground.openLink('experiment=em-mixture&dataset=three-blobs&tolerance=0');
  await playground.button('Pause').click();
  await playground.button('Reset').click();
  await expect(playground.output('iteration')).toHaveText('0');
  for (let iteration = 1; iteration <= iterations; iteration += 1) {
    await playground.step();
    await expect(playground.output('iteration')).toHaveText(String(iteration));
  }
}

test('a step back, and forth again, ends at the same numbers', async ({ playground }) => {
  await run(playground, 6);
  const end = await playground.value('total');
  await playground.button('One iteration back').click();
  await expect(playground.output('iteration')).toHaveText('5');
  const before = await playground.value('total');
  expect(before).toBeLessThan(end);
  await playground.canvas.press('ArrowLeft');
  await expect(playground.output('iteration')).toHaveText('4');
  await playground.step();
  await expect.poll(() => playground.value('total')).toBe(before);
  await playground.step();
  await expect.poll(() => playground.value('total')).toBe(end);
});

test('the timeline goes to any kept moment, and plays on from there to the same bits', async ({
  playground,
  page,
}) => {
  // Paused, so that where it ends is said before it begins: what is said later is forgotten further back.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await playground.openLink('experiment=em-mixture&dataset=three-blobs&tolerance=0');
  await playground.more.click();
  await playground.type('Most iterations', '200');
  await playground.fastest();
  await playground.button('Play').click();
  await playground.status('Stopped');
  await expect(playground.output('iteration')).toHaveText('200');
  const end = await playground.value('total');
  const means = await playground.rows.allTextContents();

  const box = await playground.scrubber.boundingBox();
  if (!box) throw new Error('The timeline has no box.');
  await page.mouse.move(box.x + box.width - 20, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 3, box.y + 40, { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => playground.value('iteration')).toBeLessThan(100);
  const there = await playground.value('iteration');
  expect(there).toBeGreaterThan(20);
  await playground.status('Paused');
  // But for what single precision cannot tell.
  expect(await playground.value('total')).toBeLessThan(end + 0.001);
  // The curve of what came after is still there to go to.
  await expect(playground.scrubber).toHaveAttribute('aria-valuemax', '200');

  await playground.scrubber.press('Home');
  await expect(playground.output('iteration')).toHaveText('0');
  await playground.scrubber.press('PageUp');
  await expect.poll(() => playground.value('iteration')).toBeGreaterThan(0);
  await playground.button('Play').click();
  await playground.status('Stopped');
  expect(await playground.value('iteration')).toBe(200);
  expect(await playground.value('total')).toBe(end);
  expect(await playground.rows.allTextContents()).toEqual(means);
});

test('E recolours, M moves: two halves make an iteration', async ({ playground }) => {
  await run(playground, 1);
  await expect(playground.button('One iteration')).toBeHidden();
  const [e, m] = [playground.button('E recolours'), playground.button('M moves')];
  await expect(m).toHaveClass(/next/);
  const means = await playground.rows.allTextContents();
  await m.click();
  await expect(e).toHaveClass(/next/);
  // The Gaussians have moved; it counts once the points know it.
  await expect(playground.output('iteration')).toHaveText('1');
  expect(await playground.rows.allTextContents()).not.toEqual(means);
  await e.click();
  await expect(m).toHaveClass(/next/);
  await expect(playground.output('iteration')).toHaveText('2');
  const after = await playground.value('total');
  // The same as a whole step from there.
  await playground.canvas.press('ArrowLeft');
  await expect(playground.output('iteration')).toHaveText('1');
  await playground.step();
  await expect.poll(() => playground.value('total')).toBe(after);
});

test('shortcuts act on the canvas and in the transport, and nowhere else', async ({
  playground,
  page,
}) => {
  await playground.open();
  await playground.status('Running');
  await playground.canvas.focus();
  await page.keyboard.press(' ');
  await playground.status('Paused');
  await playground.stands();
  // In a text field, on a slider and on the host page they are keys like any other.
  const before = await playground.value('iteration');
  await playground.typed('Components').focus();
  await page.keyboard.press(' ');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Escape');
  await playground.slider('Speed').focus();
  await page.keyboard.press('ArrowRight');
  await page.evaluate(() => {
    const root = document.querySelector('gaussian-playground')?.shadowRoot;
    (root?.activeElement as HTMLElement | null)?.blur();
  });
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press(' ');
  await playground.stands();
  expect(await playground.value('iteration')).toBe(before);
  await playground.button('Reset').focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => playground.value('iteration')).toBe(before + 1);
});

test('reset begins with the same start, or with a new one', async ({ playground }) => {
  await run(playground, 3);
  await playground.button('Reset').click();
  await expect(playground.output('iteration')).toHaveText('0');
  const first = await playground.value('total');
  const seed = playground.page.getByRole('textbox', { name: 'Seed', exact: true });
  const was = await seed.inputValue();
  await playground.button('Reset with a new start').click();
  await expect(seed).not.toHaveValue(was);
  await expect.poll(() => playground.value('total')).not.toBe(first);
  await expect(playground.output('iteration')).toHaveText('0');
});

test('a live change comes back with its moment', async ({ playground }) => {
  await playground.openExperiment('sparse-mixture');
  await playground.button('Pause').click();
  await playground.button('Reset').click();
  await expect(playground.output('iteration')).toHaveText('0');
  for (const iteration of ['1', '2', '3']) {
    await playground.step();
    await expect(playground.output('iteration')).toHaveText(iteration);
  }
  await playground.type('Sparsity', '200');
  await playground.step();
  await expect(playground.output('iteration')).toHaveText('4');
  await playground.scrubber.press('Home');
  await expect(playground.output('iteration')).toHaveText('0');
  await expect(playground.typed('Sparsity')).toHaveValue('20');
  await playground.scrubber.press('End');
  await expect(playground.output('iteration')).toHaveText('4');
  await expect(playground.typed('Sparsity')).toHaveValue('200');
});
