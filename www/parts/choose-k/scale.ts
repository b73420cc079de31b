/** The value below which such a part of the values lies. */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}

/** A value above the best of all. */
export interface Above {
  components: number;
  type: string;
  value: number;
}

/** How many times as high as the middle one a shape's line may be to be shown as a whole. */
const inPlay = 2.5;

/**
 * The upper end of an axis from 0. With too few components the criteria are so high that they would
 * flatten all that there is to choose from, and so are those of a shape that suits the data badly:
 * such lines run out of the chart. `best` is the number of components of the best.
 */
export function upperEnd(above: readonly Above[], best: number): number {
  const types = [...new Set(above.map(({ type }) => type))];
  const highest = types.map((type) =>
    Math.max(
      0,
      ...above
        .filter((one) => one.type === type && one.components >= best)
        .map(({ value }) => value),
    ),
  );
  const middle = quantile(highest, 0.4);
  const shown = highest.filter((value) => value <= inPlay * middle);
  // Where the best is among the largest there is little beyond it.
  const most = quantile(
    above.map(({ value }) => value),
    0.5,
  );
  return Math.max(...shown, Math.min(most, inPlay * Math.max(middle, most / 4)), 10) * 1.06;
}

/** About three round numbers from 0 on. */
export function roundTicks(end: number): number[] {
  const power = 10 ** Math.floor(Math.log10(end / 2));
  const step = [5, 2, 1].map((digit) => digit * power).find((one) => end / one >= 2) ?? power;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}
