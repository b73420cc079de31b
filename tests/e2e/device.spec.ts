import { expect, test } from './playground.ts';

test('the page says what runs the iterations, and why', async ({ playground }) => {
  await playground.open();
  const note = playground.page.locator('.backend-note');
  // Chromium here has an adapter in software, which is never chosen by itself.
  await expect(note).toHaveText(/^On the CPU\. The only graphics adapter is a program/);
  await playground.radio('Runs on', 'CPU').check();
  await expect(note).toHaveText(/You chose the processor/);
  await playground.openExperiment('bayesian-mixture');
  await expect(note).toHaveText(/runs on the processor/);
});

test('a fit on the graphics processor ends where one on the processor ends', async ({
  playground,
}) => {
  await playground.open();
  await playground.fastest();
  await playground.radio('Runs on', 'CPU').check();
  await playground.status('Converged');
  const [total, iteration] = [await playground.value('total'), await playground.value('iteration')];
  await playground.radio('Runs on', 'GPU').check();
  await playground.button('Reset').click();
  await playground.button('Play').click();
  await expect(playground.output('backend')).toHaveText('GPU');
  await playground.status('Converged');
  expect(Math.abs((await playground.value('total')) - total)).toBeLessThan(0.001);
  expect(Math.abs((await playground.value('iteration')) - iteration)).toBeLessThanOrEqual(1);
  // One step at a time.
  await playground.button('Reset').click();
  for (const expected of ['1', '2']) {
    await playground.step();
    await expect(playground.output('iteration')).toHaveText(expected);
  }
});

test('a fit goes on when the device is lost, and takes a new one when asked', async ({
  playground,
}) => {
  await playground.open();
  const worker = playground.page.workers().at(-1);
  if (!worker) throw new Error('There is no Worker.');
  // The device of the next submission, to be destroyed.
  await worker.evaluate(() => {
    const scope = globalThis as unknown as {
      GPUDevice: { prototype: { createCommandEncoder(descriptor: unknown): unknown } };
      device?: unknown;
    };
    const { prototype } = scope.GPUDevice;
    const create = prototype.createCommandEncoder;
    prototype.createCommandEncoder = function (descriptor) {
      scope.device = this;
      return create.call(this, descriptor);
    };
  });
  await playground.type('Stop below', '0');
  await playground.radio('Runs on', 'GPU').check();
  await expect(playground.output('backend')).toHaveText('GPU');
  await playground.fastest();
  await expect.poll(() => playground.value('iteration')).toBeGreaterThan(2);
  const reached = await playground.value('iteration');
  await worker.evaluate(() =>
    (globalThis as unknown as { device: { destroy(): void } }).device.destroy(),
  );
  await expect(playground.notice.getByRole('alert')).toHaveText(/goes on on the processor/);
  await expect(playground.output('backend')).toHaveText('CPU');
  await expect.poll(() => playground.value('iteration')).toBeGreaterThan(reached);
  await playground.radio('Runs on', 'GPU').check({ force: true });
  await playground.radio('Runs on', 'GPU').click();
  await expect(playground.output('backend')).toHaveText('GPU');
});
