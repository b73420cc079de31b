import type { Locator } from '@playwright/test';
import { expect, look, test } from './playground.ts';

test('one screen without scrolling at 1280 × 800', async ({ playground, page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await playground.open();
  const size = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    height: document.documentElement.scrollHeight,
  }));
  expect(size).toEqual({ width: 1280, height: 800 });
  const canvas = await page.locator('canvas[role="img"]').boundingBox();
  // At least half of the screen.
  expect((canvas?.width ?? 0) * (canvas?.height ?? 0)).toBeGreaterThan((1280 * 800) / 2);
});

test('390 px: canvas first, nothing scrolls sideways', async ({ playground, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await playground.open();
  const canvas = await page.locator('canvas[role="img"]').boundingBox();
  expect(canvas).toMatchObject({ x: 0, width: 390, height: 368 });
  expect(canvas?.y).toBeLessThan(100);

  const drawers = page.locator('.drawer-head button');
  await expect(drawers).toHaveCount(3);
  for (const drawer of await drawers.all()) {
    await expect(drawer).toHaveAttribute('aria-expanded', 'false');
    await drawer.click();
    await expect(drawer).toHaveAttribute('aria-expanded', 'true');
  }
  await playground.more.click();
  await playground.slider('Components').press('End');
  await expect(playground.rows).toHaveCount(16);
  await playground.fastest();
  await playground.status('Converged');
  const widest = await page.evaluate(() => {
    const root = document.querySelector('gaussian-playground')?.shadowRoot;
    const outside = [...(root?.querySelectorAll('main *') ?? [])]
      // What is inside a box that scrolls by itself may be wider.
      .filter((element) => !element.closest('.table, .layers, .visually-hidden'))
      .filter((element) => element.getBoundingClientRect().right > 390)
      .map((element) => element.outerHTML.slice(0, 120));
    return { page: document.documentElement.scrollWidth, outside };
  });
  expect(widest).toEqual({ page: 390, outside: [] });

  // Targets for fingers.
  for (const name of ['Reset', 'One iteration back', 'M moves', 'Play again']) {
    const box = await playground.button(name).boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
  }
});

test('light and dark follow the system, also while open', async ({ playground, page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await playground.open();
  await playground.button('Pause').click();
  const background = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const stage = page.locator('.stage');
  expect(await background()).toBe('rgb(255, 255, 255)');
  const light = await look(stage);
  expect(light.lightness).toBeGreaterThan(200);

  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await background()).toBe('rgb(15, 17, 21)');
  await expect.poll(async () => (await look(stage)).lightness).toBeLessThan(60);
  expect((await look(stage)).colours).toBeGreaterThan(50);
});

test('text has a contrast of at least 4.5 in light and dark', async ({ playground, page }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await playground.open();
    await playground.fastest();
    await playground.status('Converged');
    const poor = await page.evaluate(() => {
      const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
      const luminance = (colour: string): number => {
        const [r = 0, g = 0, b = 0] = channels(colour).map((value) => {
          const part = value / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const opaque = (colour: string): boolean => (channels(colour)[3] ?? 1) > 0.9;
      const root = document.querySelector('gaussian-playground')?.shadowRoot;
      const found: string[] = [];
      for (const element of root?.querySelectorAll<HTMLElement>('main *') ?? []) {
        const text = [...element.childNodes]
          .filter((node) => node.nodeType === Node.TEXT_NODE)
          .map((node) => node.textContent?.trim())
          .join('');
        if (!text || element.getClientRects().length === 0) continue;
        let behind: Element | null = element;
        while (behind && !opaque(getComputedStyle(behind).backgroundColor)) {
          behind = behind.parentElement;
        }
        const back = getComputedStyle(behind ?? document.documentElement).backgroundColor;
        const [low, high] = [luminance(getComputedStyle(element).color), luminance(back)].sort(
          (a, b) => a - b,
        );
        const contrast = ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
        if (contrast < 4.5) found.push(`${text}: ${contrast.toFixed(2)}`);
      }
      return found;
    });
    expect(poor).toEqual([]);
  }
});

test('every control is reached by Tab, has a name and shows its focus', async ({
  playground,
  page,
}) => {
  await playground.open();
  await playground.button('Pause').click();
  await playground.more.click();
  await playground.dataset.selectOption('three-blobs');
  await playground.slider('Components').press('ArrowRight');

  const controls = page.locator(
    'gaussian-playground main :is(button, input, select, textarea, summary, a[href])',
  );
  const wanted: Locator[] = [];
  for (const control of await controls.all()) {
    // Of a group of radios Tab reaches the chosen one; the arrows do the rest.
    const reachable = await control.evaluate(
      (element) =>
        element.getClientRects().length > 0 &&
        !element.matches(':disabled') &&
        !(element.matches('[type="radio"]') && !element.matches(':checked')),
    );
    if (reachable) wanted.push(control);
  }
  expect(wanted.length).toBeGreaterThan(25);
  for (const control of wanted) await expect(control).toHaveAccessibleName(/\w/);

  const mark = (element: Element) => element.setAttribute('data-wanted', '');
  for (const control of wanted) await control.evaluate(mark);
  await page.evaluate(() => {
    const root = document.querySelector('gaussian-playground')?.shadowRoot;
    (root?.activeElement as HTMLElement | null)?.blur();
  });
  for (let presses = 0; presses < wanted.length + 10; presses += 1) {
    await page.keyboard.press('Tab');
    const ring = await page.evaluate(() => {
      const active = document.querySelector('gaussian-playground')?.shadowRoot?.activeElement;
      if (!active) return undefined;
      active.removeAttribute('data-wanted');
      // Hidden inputs show their focus on the label around them.
      const shown = [active, active.closest('label')].filter((element) => element !== null);
      return shown.some((element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
      })
        ? 'ring'
        : `no ring: ${active.outerHTML.slice(0, 120)}`;
    });
    if (ring !== undefined) expect(ring).toBe('ring');
  }
  const missed = await page
    .locator('[data-wanted]')
    .evaluateAll((elements) => elements.map((element) => element.outerHTML.slice(0, 120)));
  expect(missed).toEqual([]);
});

test('help appears on hover and on focus, and belongs to its control', async ({
  playground,
  page,
}) => {
  await playground.open();
  const hint = page.locator('.hint');
  await page.locator('[data-setting="tolerance"]').hover();
  await expect(hint).toBeVisible();
  await expect(hint).toHaveText(/log-likelihood/);
  await page.mouse.move(640, 300);
  await expect(hint).toBeHidden();
  await playground.slider('Components').focus();
  await page.keyboard.press('Tab');
  await expect(hint).toBeVisible();
  await expect(playground.slider('Stop below')).toHaveAccessibleDescription(/log-likelihood/);
});

test('nothing moves while the tab is hidden', async ({ playground, page }) => {
  await playground.open();
  await playground.moves();
  const show = (state: 'hidden' | 'visible') =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'visibilityState', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  await show('hidden');
  // What was on its way may still arrive.
  await page.waitForTimeout(200);
  await playground.stands();
  await show('visible');
  await playground.moves();
});

test('nothing moves while the element is scrolled away', async ({ playground, page }) => {
  await playground.open();
  await page.evaluate(() => {
    document.body.style.paddingBottom = '3000px';
  });
  await page.mouse.move(640, 300);
  await page.evaluate(() => scrollTo(0, 2500));
  await page.waitForTimeout(300);
  await playground.stands();
  await page.evaluate(() => scrollTo(0, 0));
  await playground.moves();
});

test('the canvas follows its element’s size', async ({ playground, page }) => {
  await playground.open();
  await playground.button('Pause').click();
  await page.setViewportSize({ width: 1500, height: 900 });
  const canvas = page.locator('canvas[role="img"]');
  await expect.poll(async () => (await canvas.boundingBox())?.width).toBeGreaterThan(1000);
  expect((await look(canvas)).colours).toBeGreaterThan(50);
});

test('the element can be taken out and put back', async ({ playground, page }) => {
  await playground.open();
  await playground.slider('Components').press('ArrowRight');
  await expect(playground.rows).toHaveCount(3);
  await page.evaluate(() => {
    const element = document.querySelector('gaussian-playground');
    element?.remove();
    if (element) document.body.append(element);
  });
  await playground.moves();
  await expect(playground.rows).toHaveCount(3);
  await expect(page.locator('.timeline canvas')).toHaveCount(1);
});

test('a browser without WebAssembly SIMD is told what it lacks', async ({ playground, page }) => {
  await page.addInitScript(() => {
    WebAssembly.validate = () => false;
  });
  await page.goto('./');
  await expect(page.locator('.lost')).toHaveText(/cannot run WebAssembly with SIMD/);
  await playground.status('Off');
});
