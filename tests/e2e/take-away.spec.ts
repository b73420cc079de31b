import { readFileSync } from 'node:fs';
import { expect, type Playground, test } from './playground.ts';

async function save(playground: Playground, words: string): Promise<Buffer> {
  await playground.button('Save').click();
  const waiting = playground.page.waitForEvent('download');
  await playground.button(words).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toMatch(/^em-mixture-[a-z]+\.(png|json|csv)$/);
  return readFileSync(await download.path());
}

test('the view, the parameters, the data and the history are taken away', async ({
  playground,
}) => {
  await playground.open();
  await playground.fastest();
  await playground.status('Converged');
  const png = await save(playground, 'Picture, PNG');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.length).toBeGreaterThan(20_000);

  const parameters = JSON.parse((await save(playground, 'Parameters, JSON')).toString());
  expect(parameters.experiment).toBe('em-mixture');
  expect(parameters.settings.components).toBe(2);
  expect(parameters.parameters).toHaveLength(2);

  const table = (await save(playground, 'Parameters, CSV')).toString().trimEnd().split('\r\n');
  expect(table).toHaveLength(3);
  const weight = table[0]?.split(',').indexOf('weight') ?? -1;
  const weights = table.slice(1).map((line) => Number(line.split(',')[weight]));
  expect((weights[0] ?? 0) + (weights[1] ?? 0)).toBeCloseTo(1, 9);

  const data = (await save(playground, 'Data, CSV')).toString().trimEnd().split('\r\n');
  expect(data).toHaveLength(273);
  expect(data[1]).toBe('3.6,79');

  const history = (await save(playground, 'History, CSV')).toString().trimEnd().split('\r\n');
  expect(history[0]).toBe('iteration,log-likelihood');
  expect(history).toHaveLength((await playground.value('iteration')) + 2);
  expect(Number(history.at(-1)?.split(',')[1])).toBe(await playground.value('objective'));
});

test('the data that are taken away can be brought back', async ({ playground }) => {
  await playground.open();
  await playground.fastest();
  await playground.status('Converged');
  const total = await playground.value('total');
  const data = await save(playground, 'Data, CSV');
  await playground.refit(() => playground.openFile('back.csv', data));
  await expect(playground.about).toContainText('272 points');
  await expect
    .poll(async () => Math.abs((await playground.value('total')) - total))
    .toBeLessThan(1e-6);
});
