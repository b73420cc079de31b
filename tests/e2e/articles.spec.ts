import { experiments, type Jump, type Words } from '../../www/experiments/index.ts';
import { expect, type Playground, test } from './playground.ts';

// Every link of the articles is followed, and what it promises is looked for in the page's numbers. A
// link without an expectation fails, and so does an expectation without its link.

interface Kept {
  /** What the link's words begin with: enough to tell it from the others of its experiment. */
  link: string;
  kept(playground: Playground): Promise<void>;
}

const ended = /^(Stopped|Converged|Failed)$/;

/** Lets what a link has begun run to its end. */
async function end(playground: Playground): Promise<void> {
  await playground.fastest();
  await expect(playground.output('status')).toHaveText(ended, { timeout: 150_000 });
}

/** What has become of the true Gaussians, in their order. */
async function statuses(playground: Playground): Promise<string[]> {
  const rows = playground.page.locator('.recovered tbody tr');
  return rows.evaluateAll((all) =>
    all.map((row) => (row instanceof HTMLElement ? (row.dataset.status ?? '') : '')),
  );
}

/** At the end so many of the true Gaussians are found, split and missed. */
function recovers(
  found: number,
  split: number,
  missed: number,
): (playground: Playground) => Promise<void> {
  return async (playground) => {
    await end(playground);
    await expect
      .poll(async () => (await statuses(playground)).sort())
      .toEqual([
        ...Array<string>(found).fill('found'),
        ...Array<string>(missed).fill('missed'),
        ...Array<string>(split).fill('split'),
      ]);
    await expect(playground.output('recovered')).toBeVisible();
    await expect(playground.output('recovered')).toHaveText(
      `${found} of ${found + split + missed}`,
    );
  };
}

/** At the end these numbers of the page are within so much of these values. */
function comesTo(
  values: Record<string, number>,
  within = 0.005,
): (playground: Playground) => Promise<void> {
  return async (playground) => {
    await end(playground);
    for (const [name, value] of Object.entries(values)) {
      await expect
        .poll(async () => Math.abs((await playground.value(name)) - value), { message: name })
        .toBeLessThan(within);
    }
  };
}

/** What went wrong with a form of the bump, as its σ says when pointed at. */
async function note(playground: Playground, form: string): Promise<string> {
  const row = playground.page.locator('.sums > div').filter({ has: playground.output(form) });
  return (await row.getAttribute('title')) ?? '';
}

/** Several things in turn. */
function all(
  ...checks: ((playground: Playground) => Promise<void>)[]
): (playground: Playground) => Promise<void> {
  return async (playground) => {
    for (const check of checks) await check(playground);
  };
}

const addressHas =
  (text: string) =>
  async ({ page }: Playground): Promise<void> => {
    await expect.poll(() => new URL(page.url()).hash).toContain(text);
  };

const title =
  (text: string) =>
  async ({ page }: Playground): Promise<void> => {
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(text);
  };

/** The amplitudes of the components that are not switched off, rising. */
async function amplitudes(playground: Playground): Promise<number[]> {
  const cells = await playground.rows.locator('td:nth-of-type(1)').allTextContents();
  return cells.map((text) => Number(text.replace('−', '-'))).sort((a, b) => a - b);
}

const haveAmplitudes =
  (...wanted: number[]) =>
  async (playground: Playground): Promise<void> => {
    await expect
      .poll(async () => {
        const found = await amplitudes(playground);
        const near = (value: number, index: number): boolean =>
          Math.abs(value - (found[index] ?? 0)) < 0.025;
        return found.length === wanted.length && wanted.every(near);
      })
      .toBe(true);
  };

const errorBelow =
  (most: number) =>
  async (playground: Playground): Promise<void> => {
    await expect.poll(() => playground.value('objective')).toBeLessThan(most);
  };

const errorAbove =
  (least: number) =>
  async (playground: Playground): Promise<void> => {
    await expect.poll(() => playground.value('objective')).toBeGreaterThan(least);
  };

/** A sentence is said over the canvas or under the header. */
const says =
  (words: RegExp) =>
  async ({ page }: Playground): Promise<void> => {
    await expect(page.locator('.troubles li:visible, .notice:visible').first()).toHaveText(words, {
      timeout: 60_000,
    });
  };

const status =
  (word: string) =>
  async (playground: Playground): Promise<void> =>
    playground.status(word);

/** How many each way of a line-up has recovered, once all have come to an end or those waited for have. */
async function scores({ page }: Playground): Promise<Record<string, number>> {
  const rows = await page.locator('.side-by-side tbody tr').evaluateAll((found) =>
    found.map((row) => {
      const cell = row.querySelector<HTMLElement>('td[data-name="recovered"]');
      return [row.querySelector('th')?.firstChild?.textContent ?? '', cell?.dataset.value ?? ''];
    }),
  );
  return Object.fromEntries(rows.map(([label, value]) => [label, Number(value)]));
}

function lineUp(
  panels: number,
  check: (found: Record<string, number>) => void,
): (playground: Playground) => Promise<void> {
  return async (playground) => {
    await expect(playground.page.locator('.side-by-side .panel')).toHaveCount(panels);
    await expect(playground.button('Play all again')).toBeVisible({ timeout: 280_000 });
    check(await scores(playground));
  };
}

/** Starts the comparison and gives the mean error of each condition and size once it is over. */
async function compared(playground: Playground): Promise<(name: string, k: number) => number> {
  await playground.button('Start').click();
  await expect(playground.output('status')).toHaveText('Done', { timeout: 280_000 });
  const rows = await playground.page.locator('.results tbody tr').evaluateAll((found) =>
    found.map((row) => {
      const condition = row.closest('tbody')?.dataset.condition ?? '';
      const size = row instanceof HTMLElement ? row.dataset.components : '';
      const mean = row.querySelector<HTMLElement>('td')?.dataset.value ?? '';
      return [`${condition} ${size}`, mean] as const;
    }),
  );
  const means = new Map(rows);
  return (name, k) => Number(means.get(`${name} ${k}`));
}

/** At the end a number of the page lies between these. */
const between =
  (name: string, least: number, most: number) =>
  async (playground: Playground): Promise<void> => {
    await end(playground);
    await expect.poll(() => playground.value(name), { message: name }).toBeLessThan(most);
    expect(await playground.value(name), name).toBeGreaterThan(least);
  };

/** The first coordinates of the components' means, in their order. */
async function firstMeans(playground: Playground): Promise<number[]> {
  const cells = await playground.rows.locator('td:nth-of-type(2)').allTextContents();
  return cells.map((text) => Number(text.replaceAll('−', '-').split(',')[0]));
}

/** How much the two that overlap most do, 0 to 1. */
async function shared({ page }: Playground): Promise<number> {
  return Number(await page.locator('.section[data-shared]').getAttribute('data-shared'));
}

const promises: Record<string, Kept[]> = {
  'bayesian-mixture': [
    {
      link: 'Sampled and coordinate ascent',
      kept: async (playground) => {
        const { page } = playground;
        await expect(playground.button('Play all again')).toBeVisible({ timeout: 280_000 });
        const scores = await page
          .locator('.side-by-side td[data-name="score"]')
          .evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset.value)));
        const [sampled = 0, solved = 9] = scores;
        expect(sampled - solved).toBeGreaterThan(0.1);
        expect(sampled - solved).toBeLessThan(0.3);
        await expect(page.locator('.verdict')).toContainText(
          `${(sampled - solved).toFixed(3)} a point above`,
        );
      },
    },
    {
      link: 'Coordinate ascent: the optimum',
      kept: all(end, status('Converged'), between('score', 3.8, 4), between('iteration', 3, 60)),
    },
    {
      link: 'Four for three clusters',
      kept: all(end, async (p) => {
        await expect.poll(() => shared(p)).toBeGreaterThan(0.95);
        expect(await p.rows.count()).toBe(4);
      }),
    },
    { link: 'Each mean, magnified', kept: addressHas('figure=means') },
    { link: 'each σ, which starts', kept: addressHas('figure=deviations') },
    { link: 'the negative ELBO with its four', kept: addressHas('figure=bound') },
    { link: 'A rate of 0.05', kept: all(between('score', 4, 4.1), status('Stopped')) },
    {
      link: 'solved for, each σ',
      kept: all(addressHas('figure=deviations'), between('score', 3.8, 4)),
    },
    {
      link: 'As the source has it, too fast',
      kept: all(end, status('Failed'), says(/learning rate/)),
    },
    {
      link: 'softplus, the same rate',
      kept: all(between('score', 3.95, 4.06), status('Stopped')),
    },
    {
      link: 'number 1 is the one furthest left',
      kept: all(end, async (p) => {
        const found = await firstMeans(p);
        expect(found).toEqual([...found].sort((a, b) => a - b));
      }),
    },
    {
      link: 'each is kept at its own prior mean',
      kept: all(end, async (p) => {
        const [one = 9, two = 9, three = 9] = await firstMeans(p);
        expect(Math.max(one, three)).toBeLessThan(-1.8);
        expect(two).toBeGreaterThan(1.8);
      }),
    },
    {
      link: 'From another start the fourth',
      kept: all(end, haveAmplitudes(0, 0.33, 0.33, 0.33), between('score', 3.9, 3.95)),
    },
    {
      link: 'Batches of 50',
      kept: all(between('score', 4.28, 4.4), between('iteration', 5999, 6001)),
    },
  ],
  'sum-of-gaussians': [
    {
      link: 'Five ways, side by side',
      kept: lineUp(5, (found) => {
        const { 'Residual peaks': peaks, ...others } = found;
        expect(peaks).toBe(4);
        expect(Math.max(...Object.values(others))).toBeLessThan(4);
      }),
    },
    { link: 'Residual peaks: all four', kept: recovers(4, 0, 0) },
    { link: 'Start with 16 and prune', kept: recovers(4, 0, 0) },
    { link: 'the difference from the truth', kept: addressHas('figure=difference') },
    { link: 'the way of every centre', kept: addressHas('figure=centres') },
    { link: 'Eight Gaussians, both penalties', kept: recovers(3, 0, 1) },
    {
      link: 'Made wider by hand',
      kept: all(recovers(3, 0, 1), async (p) => {
        expect(await statuses(p)).toEqual(['found', 'found', 'missed', 'found']);
      }),
    },
    { link: 'Six without penalties', kept: recovers(2, 2, 0) },
    {
      link: 'From Keras’s random values',
      kept: all(status('Failed'), says(/not positive definite from the start/), async (p) =>
        expect(await p.value('iteration')).toBe(0),
      ),
    },
    {
      link: 'From the identity, at a rate of 0.01',
      kept: all(end, status('Failed'), says(/not positive definite/), async (p) => {
        const steps = await p.value('iteration');
        expect(steps).toBeGreaterThan(50);
        expect(steps).toBeLessThan(200);
      }),
    },
    { link: 'the same rate goes on', kept: all(end, status('Stopped')) },
    { link: 'Within ±20, without the spread', kept: recovers(0, 0, 4) },
    { link: 'all four, from the middle', kept: recovers(4, 0, 0) },
    { link: 'centres all over the box', kept: recovers(2, 0, 2) },
    {
      link: 'Glorot and box, side by side',
      kept: lineUp(2, (found) => {
        expect(found['By Glorot']).toBe(found['In the box']);
      }),
    },
    { link: '24 with L1 = 0.01', kept: recovers(1, 1, 2) },
    {
      link: 'strong L1 and pruning',
      kept: lineUp(2, (found) => {
        expect(found['24, then pruned']).toBeGreaterThan(found['24 with a strong L1'] ?? 9);
      }),
    },
    { link: 'The authors’ script', kept: recovers(1, 0, 3) },
    {
      link: 'both batches, side by side',
      kept: lineUp(2, (found) => {
        expect(found).toEqual({ 'Batches of 2,048': 1, 'Batches of 32': 3 });
      }),
    },
    { link: 'six by Levenberg–Marquardt', kept: recovers(4, 0, 0) },
  ],
  'two-cities': [
    { link: 'Reveal the truth', kept: recovers(2, 0, 0) },
    { link: 'Least squares: both', kept: all(recovers(2, 0, 0), errorBelow(1e-12)) },
    { link: 'An unlucky start', kept: recovers(1, 0, 1) },
    { link: 'Without them both are exact', kept: all(recovers(2, 0, 0), errorBelow(1e-6)) },
    { link: 'Five stores', kept: all(recovers(1, 0, 1), errorBelow(1e-12)) },
    { link: 'the unlucky start again', kept: recovers(1, 0, 1) },
  ],
  compositions: [
    {
      link: 'Same centre',
      kept: all(recovers(0, 1, 0), haveAmplitudes(0.35, 0.65), errorBelow(1e-6)),
    },
    { link: 'Two centres', kept: all(recovers(0, 1, 0), errorBelow(1e-5)) },
    { link: 'A little spread', kept: all(recovers(1, 0, 0), haveAmplitudes(1)) },
    {
      link: 'L1 on one centre',
      kept: all(recovers(0, 1, 0), haveAmplitudes(0.31, 0.61)),
    },
    { link: 'L1 on two centres', kept: recovers(0, 1, 0) },
    { link: 'spread 0.01 on one centre', kept: all(recovers(1, 0, 0), haveAmplitudes(1)) },
    { link: 'spread 1, the source’s', kept: all(recovers(0, 0, 1), errorAbove(0.08)) },
  ],
  comparison: [
    {
      link: 'The quick grid',
      kept: async (playground) => {
        const mean = await compared(playground);
        expect(mean('none', 16)).toBeLessThan(0.5 * mean('none', 4));
        expect(mean('l1', 16)).toBeGreaterThan(2 * mean('none', 16));
        expect(Math.abs(mean('spread', 4) / mean('none', 4) - 1)).toBeLessThan(0.2);
      },
    },
    {
      link: 'A hundredth of the L1',
      kept: async (playground) => {
        const mean = await compared(playground);
        for (const k of [2, 4, 8]) {
          expect(Math.abs(mean('l1', k) / mean('none', k) - 1)).toBeLessThan(0.1);
        }
      },
    },
    {
      link: 'One of its fits, live',
      kept: all(title('Sum of Gaussians'), end, errorAbove(0.2)),
    },
    {
      link: 'Without luck: residual peaks',
      kept: all(title('Sum of Gaussians'), recovers(4, 0, 0)),
    },
    {
      link: 'With no penalty at all',
      kept: async (playground) => {
        const mean = await compared(playground);
        for (const k of [2, 4]) {
          for (const name of ['l1', 'spread', 'both']) expect(mean(name, k)).toBe(mean('none', k));
        }
      },
    },
    {
      link: 'Batches of 32 make 313',
      kept: all(title('Sum of Gaussians'), addressHas('figure=centres'), end, async (p) => {
        expect(await p.value('iteration')).toBe(200 * 313);
      }),
    },
  ],
  bump: [
    {
      link: 'The answer’s example',
      kept: comesTo({ 'sigma-single-where': 0.5, 'sigma-double-where': 0.5, 'sigma-safe': 0.5 }),
    },
    {
      link: 'Points up to ±1: a branch',
      kept: all(comesTo({ 'sigma-double-where': 0.5 }), async (p) => {
        expect(await p.value('sigma-single-where')).toBeLessThan(0.1);
        expect(await note(p, 'sigma-single-where')).not.toBe('');
      }),
    },
    { link: 'Least squares up to ±4', kept: comesTo({ 'sigma-safe': 2 }) },
    {
      link: 'learned σ against true σ',
      kept: all(title('Bump sweep'), async (p) => {
        await expect.poll(() => p.value('fitted')).toBeGreaterThan(1);
      }),
    },
    { link: 'σ = 2: between', kept: addressHas('lookAt=2') },
    {
      link: 'Its σ stands where it began',
      kept: async (playground) => {
        const before = await playground.value('sigma-asked');
        await end(playground);
        expect(await playground.value('sigma-asked')).toBe(before);
      },
    },
    {
      link: 'inputs up to ±1: σ stops',
      kept: all(end, async (p) => {
        expect(await p.value('sigma-single-where')).toBeLessThan(0.1);
        expect(await note(p, 'sigma-single-where')).not.toBe('');
      }),
    },
    { link: 'the same inputs: σ = 0.5', kept: comesTo({ 'sigma-double-where': 0.5 }) },
    { link: 'One bump for both', kept: comesTo({ 'sigma-double-where': 0.66 }) },
    { link: 'one for each', kept: comesTo({ 'sigma-double-where': 1 }) },
    {
      link: 'σ = 1.5, inputs up to ±2',
      kept: all(comesTo({ 'sigma-safe': 1.5 }), async (p) => {
        const stuck = await p.value('sigma-double-where');
        expect(stuck).toBeGreaterThan(1);
        expect(stuck).toBeLessThan(1.05);
        expect(await note(p, 'sigma-double-where')).not.toBe('');
      }),
    },
    {
      link: 'The safe form learns 1.5',
      kept: all(comesTo({ 'sigma-safe': 1.5, 'sigma-squared': Math.sqrt(1.5) }), errorBelow(1e-6)),
    },
    { link: 'With tanh', kept: comesTo({ 'sigma-double-where': 1.5 }) },
    {
      link: 'σ = 8 in 3 epochs',
      kept: all(end, async (p) => {
        const reached = await p.value('sigma-double-where');
        expect(reached).toBeGreaterThan(4);
        expect(reached).toBeLessThan(5);
      }),
    },
    { link: 'in 10 epochs it arrives', kept: comesTo({ 'sigma-double-where': 8 }) },
    {
      link: '3 epochs for all 99',
      kept: all(title('Bump sweep'), end, errorAbove(5), async (p) => {
        expect(await p.value('learned')).toBeLessThan(5);
      }),
    },
    {
      link: 'Unfiltered',
      kept: all(end, status('Failed'), says(/no form of the bump learns/i)),
    },
    {
      link: 'Within ±1 there is nothing',
      kept: comesTo({ 'sigma-double-where': 1.5, 'sigma-safe': 1.5 }),
    },
  ],
  'bump-sweep': [
    { link: 'As the source has it', kept: all(end, errorBelow(0.01)) },
    {
      link: 'Three epochs for all: large σ fall short',
      kept: all(end, errorAbove(5), async (p) => {
        expect(await p.value('learned')).toBeLessThan(5);
      }),
    },
    { link: 'Least squares: all 99', kept: all(end, errorBelow(0.001)) },
    { link: 'the bump layer', kept: title('Bump layer') },
    {
      link: 'three epochs for all: 31 of 99',
      kept: all(end, async ({ page }) => {
        await expect(page.locator('.timeline')).toContainText('31 of 99 are within 0.01');
      }),
    },
    { link: 'Levenberg–Marquardt: the worst', kept: all(end, errorBelow(0.001)) },
    {
      link: 'beyond it the layer overflows',
      kept: all(title('Bump layer'), end, async (p) => {
        expect(await p.value('sigma-double-where')).toBeLessThan(1.05);
        expect(await note(p, 'sigma-double-where')).not.toBe('');
      }),
    },
  ],
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
      test.setTimeout(300_000);
      // So slow that what stands still can only be what the link has begun.
      await page.goto(`./#v=1&experiment=${name}${name === 'comparison' ? '' : '&speed=1'}`);
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
