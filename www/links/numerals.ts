/** Numbers as a link writes and reads them. */

const syntax = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** No number that JavaScript writes is longer. */
const longest = 40;

/** The shortest text that reads back as the same number. A plus would be taken for a space by some. */
export function spellNumber(value: number): string {
  return String(value).replace('e+', 'e');
}

/** The finite number that a text is, if it is one. */
export function readNumber(text: string): number | undefined {
  if (text.length > longest || !syntax.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Decimals that show numbers of this range to six digits or a little more. */
function decimalsFor(values: readonly number[]): number | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = high - low;
  return range > 0 && Number.isFinite(range) ? 5 - Math.floor(Math.log10(range)) : undefined;
}

function round(value: number, decimals: number): number {
  const whole = Math.round(value * 10 ** decimals);
  // Beyond that there is nothing to round. By way of text, since 0.1 · 3 is not 0.3.
  return Math.abs(whole) < 1e15 ? Number(`${whole}e${-decimals}`) : value;
}

/**
 * Numbers to six digits of their range, which is as fine as a picture needs. What has been rounded is
 * not changed by rounding it again, so a link that is opened and shared stays the same.
 */
export function roundToRange(values: readonly number[]): number[] {
  let rounded = [...values];
  let decimals = Number.POSITIVE_INFINITY;
  // Rounding can lift the range over a power of ten, to which fewer decimals belong.
  for (;;) {
    const wanted = decimalsFor(rounded);
    if (wanted === undefined || wanted >= decimals) return rounded;
    decimals = wanted;
    rounded = values.map((value) => round(value, wanted));
  }
}
