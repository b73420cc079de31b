import { test as base, expect, type Locator, type Page, type Worker } from '@playwright/test';

/** The page as a visitor uses it. Locators see into the element's open shadow root. */
export class Playground {
  readonly page: Page;
  readonly #problems: string[] = [];
  /** Messages that a test brings about on purpose. */
  readonly allowed: RegExp[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      this.#problems.push(`console ${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.#problems.push(`uncaught: ${error.stack}`));
    page.on('requestfailed', (request) => {
      // The browser gets the icon when it likes, and gives it up when the page is left.
      if (/\/icon-[^/]*\.svg$/.test(request.url())) return;
      this.#problems.push(`failed: ${request.url()}`);
    });
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (
        protocol.startsWith('http') &&
        host !== new URL(page.url()).host &&
        page.url() !== 'about:blank'
      ) {
        this.#problems.push(`elsewhere: ${request.url()}`);
      }
    });
  }

  /** Everything that the page should not have said. */
  get problems(): string[] {
    return this.#problems.filter((text) => !this.allowed.some((pattern) => pattern.test(text)));
  }

  async open(): Promise<void> {
    await this.page.goto('./');
    await expect(this.output('backend')).toHaveText('CPU');
  }

  async openExperiment(name: string): Promise<void> {
    if (name === 'race') {
      await this.page.goto(`./#v=1&experiment=${name}`);
      await expect(this.button('Start anew')).toBeEnabled();
      return;
    }
    if (name !== 'comparison') {
      await this.openLink(`experiment=${name}`);
      return;
    }
    // It has no fit of its own, and so no processor.
    await this.page.goto(`./#v=1&experiment=${name}`);
    await expect(this.button('Start')).toBeEnabled();
  }

  /** Follows a link; its version is added. */
  async openLink(parameters: string): Promise<void> {
    await this.page.goto(`./#v=1&${parameters}`);
    await expect(this.output('backend')).toHaveText('CPU');
  }

  output(name: string): Locator {
    return this.page.locator(`output[name="${name}"]`);
  }

  async value(name: string): Promise<number> {
    return Number(await this.output(name).getAttribute('data-value'));
  }

  /** What a number comes to rest at: the page hears of a change a frame or two after it was made. */
  async settled(name: string): Promise<number> {
    let last = Number.NaN;
    await expect
      .poll(
        async () => {
          const before = last;
          last = await this.value(name);
          return last === before;
        },
        { intervals: [300] },
      )
      .toBe(true);
    return last;
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** A link within the text, under “Try” or in the article. */
  link(words: string | RegExp): Locator {
    return this.page.locator('.left').getByRole('link', { name: words });
  }

  /** What takes the pointers, the focus and the keys. */
  get canvas(): Locator {
    return this.page.getByRole('application');
  }

  get scrubber(): Locator {
    return this.page.getByRole('slider', { name: 'Iteration', exact: true });
  }

  /** One iteration by the keyboard. */
  async step(): Promise<void> {
    await this.canvas.press('ArrowRight');
  }

  /** The pixels of a place on the canvas, given in parts of its width and height. */
  async place(x: number, y: number): Promise<{ x: number; y: number }> {
    const box = await this.canvas.boundingBox();
    if (!box) throw new Error('The canvas has no box.');
    return { x: box.x + x * box.width, y: box.y + y * box.height };
  }

  /** The Worker of the fit on the canvas; those of the pools run fits that nobody looks at. */
  get fitWorker(): Worker | undefined {
    return this.page.workers().findLast((worker) => !/\/runner-[^/]*$/.test(worker.url()));
  }

  /** Ends the Worker as a trap in wasm would: by an error that nobody catches. */
  async killWorker(): Promise<void> {
    this.allowed.push(/unreachable executed/);
    const worker = this.fitWorker;
    if (!worker) throw new Error('There is no Worker.');
    await worker.evaluate(() => {
      setTimeout(() => {
        throw new WebAssembly.RuntimeError('unreachable executed');
      });
    });
  }

  /** Moves the pointer until there is a Gaussian under it to take hold of; returns where that is. */
  async overHandle(): Promise<{ x: number; y: number }> {
    const stage = this.page.locator('.stage');
    for (let x = 0.2; x < 0.8; x += 0.02) {
      for (let y = 0.2; y < 0.8; y += 0.03) {
        const at = await this.place(x, y);
        await this.page.mouse.move(at.x, at.y);
        await this.page.waitForTimeout(12);
        const over = await stage.evaluate((it) => it.classList.contains('grabbable'));
        if (over) return at;
      }
    }
    throw new Error('There is nothing to take hold of.');
  }

  /** What opens the settings that are seldom changed. */
  get more(): Locator {
    return this.page.locator('summary').getByText('More', { exact: true });
  }

  get troubles(): Locator {
    return this.page.locator('.troubles li:visible');
  }

  get about(): Locator {
    return this.page.locator('.about');
  }

  get dataset(): Locator {
    return this.page.getByRole('combobox', { name: 'Data set' });
  }

  slider(name: string): Locator {
    return this.page.getByRole('slider', { name, exact: true });
  }

  typed(name: string): Locator {
    return this.page.getByRole('textbox', { name: `${name}, typed`, exact: true });
  }

  /** One option of a choice whose options stand side by side. */
  radio(choice: string, option: string): Locator {
    return this.page
      .getByRole('radiogroup', { name: choice })
      .getByRole('radio', { name: option, exact: true });
  }

  get notice(): Locator {
    return this.page.locator('.notice');
  }

  get dialog(): Locator {
    return this.page.locator('dialog[open]');
  }

  get rows(): Locator {
    return this.page.locator('.components tbody tr:not(.note):not([hidden])');
  }

  async type(name: string, value: string): Promise<void> {
    await this.typed(name).fill(value);
    await this.typed(name).press('Enter');
  }

  async fastest(): Promise<void> {
    await this.slider('Speed').press('End');
    await expect(this.typed('Speed')).toHaveValue('as fast as it goes');
  }

  async status(word: string): Promise<void> {
    await expect(this.output('status')).toHaveText(word);
  }

  /**
   * Does something that starts a fit anew and waits for its end, not for that of the fit before,
   * whose last word may come late: the end is when nothing changes any more.
   */
  async refit(action: () => Promise<unknown>): Promise<void> {
    await action();
    const state = async (): Promise<string> =>
      (await this.page.locator('output').allTextContents()).join(' ');
    await expect(async () => {
      const before = await state();
      await this.page.waitForTimeout(600);
      expect(await state()).toBe(before);
      expect(before).toContain('Converged');
    }).toPass();
  }

  async paste(text: string): Promise<void> {
    await this.button('paste').click();
    await this.dialog.getByRole('textbox').fill(text);
    await this.button('Use these points').click();
  }

  async openFile(name: string, content: string | Buffer): Promise<void> {
    await this.page.getByLabel('Open a CSV file').setInputFiles({
      name,
      mimeType: 'text/csv',
      buffer: Buffer.from(content),
    });
  }

  /** Drops a file on the element, as a file manager would. */
  async drop(name: string, content: string): Promise<void> {
    await this.page.evaluate(
      ([fileName, text]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text], fileName, { type: 'text/csv' }));
        const target = document.querySelector('gaussian-playground');
        for (const type of ['dragenter', 'dragover', 'drop']) {
          target?.dispatchEvent(
            new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }),
          );
        }
      },
      [name, content] as const,
    );
  }

  /** Waits until the number of iterations is greater than it is now. */
  async moves(): Promise<void> {
    const before = await this.value('iteration');
    await expect.poll(() => this.value('iteration')).toBeGreaterThan(before);
  }

  /** Resolves once no iteration happened for a while. */
  async stands(): Promise<void> {
    const before = await this.value('iteration');
    await this.page.waitForTimeout(1000);
    expect(await this.value('iteration')).toBe(before);
  }
}

/** Every test fails on any message in the console, any uncaught error and any foreign request. */
export const test = base.extend<{ playground: Playground }>({
  playground: async ({ page }, use) => {
    const playground = new Playground(page);
    await use(playground);
    expect(playground.problems).toEqual([]);
  },
});

export { expect };

/** The mean lightness, 0 to 255, and the number of different colours in a part of the page. */
export async function look(target: Locator): Promise<{ lightness: number; colours: number }> {
  const png = (await target.screenshot()).toString('base64');
  return target.page().evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    if (!context) throw new Error('No 2D canvas.');
    context.drawImage(image, 0, 0);
    const { data: pixels } = context.getImageData(0, 0, image.width, image.height);
    const colours = new Set<number>();
    let sum = 0;
    for (let i = 0; i < pixels.length; i += 4) {
      const [red = 0, green = 0, blue = 0] = pixels.subarray(i, i + 3);
      sum += (red + green + blue) / 3;
      colours.add((red << 16) | (green << 8) | blue);
    }
    return { lightness: sum / (pixels.length / 4), colours: colours.size };
  }, png);
}
