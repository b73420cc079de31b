import { experiments, type Jump, type Words } from '../../www/experiments/index.ts';
import { expect, test } from './playground.ts';
import { bayesianMixture } from './promises/bayesian-mixture.ts';
import { bump } from './promises/bump.ts';
import { bumpSweep } from './promises/bump-sweep.ts';
import { addressHas, amplitudes, type Kept, title } from './promises/checks.ts';
import { comparison } from './promises/comparison.ts';
import { compositions } from './promises/compositions.ts';
import { emMixture } from './promises/em-mixture.ts';
import { race } from './promises/race.ts';
import { sparseMixture } from './promises/sparse-mixture.ts';
import { sumOfGaussians } from './promises/sum-of-gaussians.ts';
import { twoCities } from './promises/two-cities.ts';

// Every link of the articles is followed, and what it promises is looked for in the page's numbers. A
// link without an expectation fails, and so does an expectation without its link.

const promises: Record<string, Kept[]> = {
  'sum-of-gaussians': sumOfGaussians,
  'two-cities': twoCities,
  compositions,
  comparison,
  bump,
  'bump-sweep': bumpSweep,
  'em-mixture': emMixture,
  'sparse-mixture': sparseMixture,
  'bayesian-mixture': bayesianMixture,
  race,
};

const jumps = (words: Words): Jump[] =>
  typeof words === 'string' ? [] : words.filter((piece) => typeof piece !== 'string');

/** Every link of an experiment's text. */
function linksOf(name: string): Jump[] {
  const experiment = experiments.find((one) => one.name === name);
  if (!experiment) throw new Error(`There is no experiment ${name}.`);
  const { tries, beside, article } = experiment;
  const paragraphs = [
    ...article.sections.flatMap((section) => section.paragraphs),
    ...(article.questions ?? []).flatMap(({ answer }) => answer),
    ...(beside ? [beside.words] : []),
  ];
  return [...tries, ...paragraphs.flatMap(jumps)];
}

// Each has a page of its own and waits for the end of a fit, however long that takes.
test.describe.configure({ mode: 'parallel' });

for (const [name, expected] of Object.entries(promises)) {
  const links = linksOf(name);

  test(`every link of ${name} has an expectation, and every expectation its link`, () => {
    const meant = (words: string): Kept[] => expected.filter(({ link }) => words.startsWith(link));
    for (const { words } of links) expect(meant(words), words).toHaveLength(1);
    for (const { link } of expected) {
      expect(
        links.filter(({ words }) => words.startsWith(link)),
        link,
      ).toHaveLength(1);
    }
  });

  for (const { words } of links) {
    const promise = expected.find(({ link }) => words.startsWith(link));
    if (!promise) continue;
    test(`${name}: ${words}`, async ({ playground, page }) => {
      test.setTimeout(420_000);
      // So slow that what stands still can only be what the link has begun.
      // Those with a board of their own have no speed.
      const slow = name === 'comparison' || name === 'race' ? '' : '&speed=1';
      await page.goto(`./#v=1&experiment=${name}${slow}`);
      if (name === 'comparison') await expect(playground.button('Start')).toBeEnabled();
      else await expect.poll(() => playground.value('iteration')).toBeGreaterThan(0);
      for (const question of await page.locator('details.question summary').all()) {
        await question.click();
      }
      await page.locator('.app').getByRole('link', { name: words, exact: true }).click();
      // Nothing of the link is unknown or out of its range.
      await expect.poll(async () => (await playground.notice.allTextContents()).join('')).toBe('');
      await promise.kept(playground);
    });
  }
}

test('a link is a step to come back from, to another experiment too, and a place to send', async ({
  playground,
  page,
}) => {
  await playground.openExperiment('compositions');
  await expect.poll(() => playground.value('iteration')).toBeGreaterThan(0);
  const link = playground.link(/^Same centre/);
  await expect(link).toHaveAttribute(
    'href',
    '#v=1&experiment=compositions&state=edited&placed=0.2:0:1;0.5:0:1',
  );
  await link.click();
  await expect.poll(() => new URL(page.url()).hash).toContain('placed=');
  await page.goBack();
  await expect.poll(() => new URL(page.url()).hash).not.toContain('placed=');
  await title('Compositions')(playground);

  // Another experiment's, and back again.
  await page.getByRole('navigation').getByRole('link', { name: 'Bump layer' }).click();
  await addressHas('experiment=bump')(playground);
  await page.locator('.beside a').click();
  await title('Bump sweep')(playground);
  await addressHas('experiment=bump-sweep')(playground);
  await page.goBack();
  await title('Bump layer')(playground);
});

test('an experiment begins with its own settings, and links to it say no more than they must', async ({
  playground,
  page,
}) => {
  await playground.openExperiment('two-cities');
  await expect.poll(() => playground.value('iteration')).toBeGreaterThan(0);
  await expect(playground.about).toContainText('10 points');
  // Its data are what it is about: there is nothing to choose, until there are the visitor's own.
  await expect(playground.dataset).toBeHidden();
  await expect(page.locator('.recovered')).toBeHidden();
  await page.getByRole('button', { name: 'Throw the die: another seed' }).click();
  await expect
    .poll(() => new URL(page.url()).hash)
    .toMatch(/^#v=1&experiment=two-cities&seed=\d+$/);
  await playground.paste('place,visitors\n0,1\n1,2\n2,1\n3,0.5');
  await expect(playground.about).toContainText('4 points');
  await expect(playground.dataset).toBeVisible();
  await expect(playground.dataset).toHaveValue('own');
  await playground.dataset.selectOption('two-cities');
  await expect(playground.about).toContainText('10 points');
  // The same problem by the model's own name, with the truth in sight.
  await playground.openLink('experiment=sum-of-gaussians&dataset=two-cities');
  await title('Sum of Gaussians')(playground);
  await expect(playground.about).toContainText('10 points');
  await expect(page.locator('.recovered')).toBeVisible();
});

test('the formulas show the numbers of the fit', async ({ playground, page }) => {
  await playground.openLink('experiment=bump&speed=10001');
  await playground.status('Stopped');
  const shown = page.locator('.text .live div').filter({ hasText: 'Double where' }).locator('dd');
  await expect(shown).toHaveText((await playground.value('sigma-double-where')).toFixed(4));
  await playground.openLink('experiment=sum-of-gaussians&optimizer=residual-peaks&components=8');
  await playground.status('Converged');
  const [largest] = (await amplitudes(playground)).slice(-1);
  await expect(page.locator('.text .live math:visible').first()).toContainText(
    `=${largest?.toFixed(2)}`,
  );
  await playground.openExperiment('compositions');
  await playground.status('Stopped');
  // As many terms as components, and no more.
  await expect(page.locator('.text .live math:visible')).toHaveCount(3);
});
