import { readFileSync, writeFileSync } from 'node:fs';
import { expect, type Playground, test } from './playground.ts';

function shipped(name: string): string {
  return readFileSync(new URL(`../../src/dataset/files/${name}`, import.meta.url), 'utf8');
}

/** What must not change when something unusable is given. */
async function standing(playground: Playground): Promise<Record<string, string>> {
  return {
    about: (await playground.page.locator('.about').textContent()) ?? '',
    total: (await playground.output('total').textContent()) ?? '',
    iteration: (await playground.output('iteration').textContent()) ?? '',
    dataset: await playground.dataset.inputValue(),
    rows: String(await playground.rows.count()),
  };
}

async function converged(playground: Playground): Promise<void> {
  await playground.open();
  await playground.fastest();
  await playground.status('Converged');
}

const two = 'x,y\n0,0\n0,1\n1,0\n1.2,0.9\n5,5\n5,6\n6,5\n6.1,6.2\n';

test('a table is pasted', async ({ playground }) => {
  await converged(playground);
  await playground.paste(two);
  await expect(playground.dialog).toBeHidden();
  await expect(playground.dataset).toHaveValue('own');
  await expect(playground.page.locator('.about')).toContainText('8 points');
  await playground.status('Converged');
  // It can be chosen again after another data set.
  await playground.dataset.selectOption('galaxies');
  await expect(playground.page.locator('.about')).toContainText('82 points');
  await playground.dataset.selectOption('own');
  await expect(playground.page.locator('.about')).toContainText('8 points');
});

test('one column is enough', async ({ playground }) => {
  await converged(playground);
  await playground.paste('1\n2\n2.5\n10\n11\n12\n');
  await expect(playground.page.locator('.about')).toContainText('6 points');
  await expect(playground.page.locator('.components thead th')).toHaveText([
    'Component',
    'Weight',
    'Mean',
    'σ',
  ]);
});

test('a file is opened', async ({ playground }) => {
  await converged(playground);
  await playground.openFile('two.csv', two);
  await expect(playground.dataset).toHaveValue('own');
  await expect(playground.page.locator('.about')).toContainText('8 points');
});

test('a file is dropped', async ({ playground }) => {
  await converged(playground);
  await playground.drop('two.csv', two);
  await expect(playground.dataset).toHaveValue('own');
  await expect(playground.page.locator('.about')).toContainText('8 points');
  await expect(playground.page.locator('.drop')).toBeHidden();
});

test('Old Faithful as a file ends where the shipped one does', async ({ playground }) => {
  await converged(playground);
  const total = await playground.value('total');
  await playground.dataset.selectOption('galaxies');
  await playground.type('Components', '2');
  await playground.openFile('old_faithful.csv', shipped('old_faithful.csv'));
  await expect(playground.page.locator('.about')).toContainText('272 points');
  await playground.status('Converged');
  await expect.poll(() => playground.value('total')).toBeCloseTo(total, 2);
});

test('galaxies as a file are used at once', async ({ playground }) => {
  await converged(playground);
  await playground.openFile('galaxies.csv', shipped('galaxies.csv'));
  await expect(playground.page.locator('.about')).toContainText('82 points');
  await playground.status('Converged');
});

test('penguins: bad rows are named by line, and dropped or not', async ({ playground }) => {
  await converged(playground);
  const before = await standing(playground);
  await playground.openFile('penguins.csv', shipped('penguins.csv'));
  const { dialog, page } = playground;
  await expect(dialog).toContainText('penguins.csv: 344 rows, 8 columns');
  await page
    .getByRole('combobox', { name: 'Across' })
    .selectOption({ label: await optionOf(playground, 'flipper_length_mm') });
  await page
    .getByRole('combobox', { name: 'Up' })
    .selectOption({ label: await optionOf(playground, 'body_mass_g') });
  await expect(dialog.locator('.problems')).toContainText('Line 5: flipper_length_mm is NA');
  await expect(dialog.locator('.problems')).toContainText('Line 273: body_mass_g is NA');
  await expect(dialog.locator('.problem-summary')).toContainText('2 rows');
  await expect(playground.button('Use 342 rows, drop 2')).toBeVisible();

  await playground.button('Cancel').click();
  await expect(dialog).toBeHidden();
  expect(await standing(playground)).toEqual(before);

  await playground.openFile('penguins.csv', shipped('penguins.csv'));
  await page.getByRole('combobox', { name: 'Up' }).selectOption({ label: 'None: one dimension' });
  await playground.button('Use 342 rows, drop 2').click();
  await expect(dialog).toBeHidden();
  await expect(page.locator('.about')).toContainText('342 points');
  await playground.status('Converged');
});

async function optionOf(playground: Playground, column: string): Promise<string> {
  const options = playground.page.getByRole('combobox', { name: 'Across' }).locator('option');
  const labels = await options.allTextContents();
  return labels.find((label) => label.startsWith(column)) ?? `no column ${column}`;
}

test('NaN and infinities are problems of their rows', async ({ playground }) => {
  await converged(playground);
  await playground.openFile('odd.csv', 'x,y\n1,2\nNaN,3\ninf,4\n5,-Infinity\n5,6\n7,9\n');
  for (const line of [3, 4, 5]) {
    await expect(playground.dialog.locator('.problems')).toContainText(`Line ${line}:`);
  }
  await playground.button('Use 3 rows, drop 3').click();
  await expect(playground.page.locator('.about')).toContainText('3 points');
});

for (const { name, text, sentence } of [
  { name: 'an empty file', text: '', sentence: /no data/i },
  { name: 'white space', text: ' \n\n \n', sentence: /no data/i },
  { name: 'one point', text: '1,2\n', sentence: /one point/i },
  { name: 'equal points', text: '1,1\n1,1\n1,1\n', sentence: /equal/i },
  {
    name: 'text',
    text: 'name,place\nanna,here\nbob,there\n',
    sentence: /no column holds numbers/i,
  },
]) {
  test(`${name}: a sentence, and the former fit stays`, async ({ playground }) => {
    await converged(playground);
    const before = await standing(playground);
    await playground.openFile('bad.csv', text);
    await expect(playground.notice.getByRole('alert')).toHaveText(sentence);
    expect(await standing(playground)).toEqual(before);
    await playground.status('Converged');

    await playground.paste(text);
    await expect(playground.dialog.getByRole('alert')).toHaveText(sentence);
    await playground.button('Cancel').click();
    expect(await standing(playground)).toEqual(before);
    // The page still works.
    await playground.slider('Components').press('ArrowRight');
    await expect(playground.rows).toHaveCount(3);
  });
}

test('more components than points: a sentence, and the former fit stays', async ({
  playground,
}) => {
  await converged(playground);
  await playground.paste('0,0\n1,0\n0,1\n4,4\n');
  await expect(playground.page.locator('.about')).toContainText('4 points');
  await playground.status('Converged');
  const before = await standing(playground);
  await playground.type('Components', '9');
  await expect(playground.notice.getByRole('alert')).toHaveText(/fewer components/i);
  expect(await standing(playground)).toEqual(before);
  await expect(playground.typed('Components')).toHaveValue('2');
});

test('10 MB of garbage: a sentence, and the page goes on', async ({ playground }, info) => {
  await playground.open();
  await playground.moves();
  // The same garbage each time: a linear congruential generator.
  let state = 12345;
  const garbage = Buffer.alloc(10 * 2 ** 20);
  for (let index = 0; index < garbage.length; index += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    garbage[index] = state >>> 24;
  }
  // From the disk: a buffer would travel through the page's own thread.
  const file = info.outputPath('garbage.bin');
  writeFileSync(file, garbage);
  const frames = playground.page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let longest = 0;
        let last = performance.now();
        const end = last + 5000;
        const frame = (): void => {
          const now = performance.now();
          longest = Math.max(longest, now - last);
          last = now;
          if (now < end) requestAnimationFrame(frame);
          else resolve(longest);
        };
        requestAnimationFrame(frame);
      }),
  );
  await playground.page.getByLabel('Open a CSV file').setInputFiles(file);
  await expect(playground.notice.getByRole('alert')).toHaveText(/\w+.*\./, { timeout: 30_000 });
  expect(await frames).toBeLessThan(500);
  await expect(playground.dataset).toHaveValue('old-faithful');
  await playground.fastest();
  await playground.status('Converged');
  await expect(playground.output('total')).toHaveText('−1130.26');
});

test('names from a file are text, never HTML', async ({ playground }) => {
  await converged(playground);
  const name = '<img src=x>';
  await playground.openFile('odd.csv', `${name},b,c\n1,2,q\n2,3,q\n3,5,q\n`);
  await expect(playground.dialog).toContainText(name);
  expect(await playground.page.locator('dialog img').count()).toBe(0);
  await playground.button('Use 3 rows').click();
  await expect(playground.page.locator('.about')).toContainText('3 points');
  expect(await playground.page.locator('main img').count()).toBe(0);
});
