import { expect, type Frame, type Page, test } from '@playwright/test';
import type { Entry } from '../../www/links/address.ts';
import type { LinkState } from '../../www/links/link.ts';
import type { AddressAlone } from './harness/address.ts';
import { type Harness, harness, problemsOf } from './harness.ts';

let site: Harness;
test.beforeAll(async () => {
  site = await harness('address');
});
test.afterAll(() => site.close());

function link(experiment: string, settings: LinkState['settings'] = {}): LinkState {
  return { experiment, settings, live: [] };
}

function write(target: Page | Frame, ...writes: [LinkState, Entry][]): Promise<void> {
  return target.evaluate((all) => {
    const { address } = (globalThis as unknown as { alone: AddressAlone }).alone;
    for (const [state, entry] of all) address.write(state, entry);
  }, writes);
}

/** What the page heard of since it was loaded: experiments, in their order. */
function heard(page: Page | Frame): Promise<string[]> {
  return page.evaluate(() =>
    (globalThis as unknown as { alone: AddressAlone }).alone.heard.map(
      ({ state }) => `${state.experiment} ${JSON.stringify(state.settings)}`,
    ),
  );
}

const hash = (page: Page): string => new URL(page.url()).hash;

test('a new entry is one to come back to, a change of it is not', async ({ page }) => {
  const problems = problemsOf(page);
  await page.goto(`${site.url}#v=1&experiment=a`);
  const entries = (): Promise<number> => page.evaluate(() => history.length);
  const before = await entries();
  await write(page, [link('a', { components: 2 }), 'same']);
  await expect.poll(() => hash(page)).toBe('#v=1&experiment=a&components=2');
  // What still waited for its turn belongs to the entry that is left.
  await write(page, [link('a', { components: 3 }), 'same'], [link('b'), 'new']);
  expect(hash(page)).toBe('#v=1&experiment=b');
  await write(page, [link('b'), 'new'], [link('c'), 'new']);
  expect(await entries()).toBe(before + 2);
  // Nothing of that was the visitor.
  expect(await heard(page)).toEqual([]);

  await page.goBack();
  expect(hash(page)).toBe('#v=1&experiment=b');
  await page.goBack();
  expect(hash(page)).toBe('#v=1&experiment=a&components=3');
  await page.goForward();
  await page.evaluate(() => {
    location.hash = 'v=1&experiment=d';
  });
  await expect.poll(() => heard(page)).toEqual(['b {}', 'a {"components":3}', 'b {}', 'd {}']);
  // A change that waits when the visitor goes elsewhere is not written there.
  await write(page, [link('d', { seed: 1 }), 'same']);
  await expect.poll(() => hash(page)).toBe('#v=1&experiment=d&seed=1');
  await page.evaluate(
    (state) => {
      (globalThis as unknown as { alone: AddressAlone }).alone.address.write(state, 'same');
      history.back();
    },
    link('d', { seed: 2 }),
  );
  await page.waitForTimeout(600);
  expect(hash(page)).toBe('#v=1&experiment=b');
  expect(problems).toEqual([]);
});

test('the address changes at most four times a second, and ends with the last', async ({
  page,
}) => {
  await page.goto(site.url);
  const changes = await page.evaluate(async () => {
    const { address } = (globalThis as unknown as { alone: AddressAlone }).alone;
    const replace = history.replaceState.bind(history);
    let count = 0;
    history.replaceState = (...args) => {
      count += 1;
      replace(...args);
    };
    const end = performance.now() + 2000;
    for (let seed = 0; performance.now() < end; seed += 1) {
      address.write({ experiment: 'a', settings: { seed }, live: [] }, 'same');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    address.write({ experiment: 'a', settings: { seed: -1 }, live: [] }, 'same');
    return count;
  });
  expect(changes).toBeGreaterThan(3);
  expect(changes).toBeLessThanOrEqual(9);
  await expect.poll(() => hash(page)).toBe('#v=1&experiment=a&seed=-1');
});

test('without a history to write to it reads all the same', async ({ page }) => {
  const problems = problemsOf(page);
  await page.addInitScript(() => {
    const refuse = (): never => {
      throw new DOMException('Too many calls.', 'SecurityError');
    };
    history.pushState = refuse;
    history.replaceState = refuse;
  });
  await page.goto(`${site.url}#v=1&experiment=a`);
  await write(page, [link('b'), 'new'], [link('c'), 'same']);
  await page.waitForTimeout(400);
  expect(hash(page)).toBe('#v=1&experiment=a');
  await page.evaluate(() => {
    location.hash = 'v=1&experiment=d';
  });
  await expect.poll(() => heard(page)).toEqual(['d {}']);
  expect(problems).toEqual([]);
});

test('in a sandboxed frame it works quietly', async ({ page }) => {
  const problems = problemsOf(page);
  // The harness is a module, which such a frame may only fetch where the server says so.
  await page.route('**/*.js', async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers(), 'access-control-allow-origin': '*' };
    await route.fulfill({ response, headers });
  });
  await page.goto(site.url);
  await page.evaluate(() => {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.src = `${location.pathname}#v=1&experiment=a`;
    document.body.append(frame);
  });
  const inside = (): Frame => {
    const frame = page.frames().at(1);
    if (!frame) throw new Error('There is no frame.');
    return frame;
  };
  await expect
    .poll(() => inside().evaluate(() => 'alone' in globalThis && self.origin))
    .toBe('null');
  await write(inside(), [link('b'), 'new'], [link('c'), 'same']);
  await page.waitForTimeout(400);
  await inside().evaluate(() => {
    location.hash = 'v=1&experiment=d';
  });
  await expect.poll(() => heard(inside())).toEqual(['d {}']);
  expect(problems).toEqual([]);
});
