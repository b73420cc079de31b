/** The value below which such a part of the values lies. */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}

/**
 * The upper end of an axis from 0: with too few components the criteria are so high that they would
 * flatten all that there is to choose from, so those lines run out of the chart.
 *
 * `above` are the values above the best, each with its number of components; `best` is the best's.
 */
export function upperEnd(
  above: readonly { components: number; value: number }[],
  best: number,
): number {
  const beyond = above.filter(({ components }) => components >= best).map(({ value }) => value);
  const most = quantile(
    above.map(({ value }) => value),
    0.6,
  );
  return Math.max(...beyond, most, 10) * 1.06;
}

/** About three round numbers from 0 on. */
export function roundTicks(end: number): number[] {
  const power = 10 ** Math.floor(Math.log10(end / 2));
  const step = [5, 2, 1].map((digit) => digit * power).find((one) => end / one >= 2) ?? power;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}
