/** Ticks of a logarithmic axis: the powers of ten between its ends, and 2 and 5 times them where those are few. */
export function logarithmicTicks(low: number, high: number): number[] {
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  const ticks = (digits: number[]): number[] => {
    const all: number[] = [];
    for (let power = from; power <= to; power += 1) {
      for (const digit of digits) all.push(Number(`${digit}e${power}`));
    }
    return all.filter((tick) => tick >= low && tick <= high);
  };
  const tens = ticks([1]);
  if (tens.length < 3) return ticks([1, 2, 5]);
  const every = Math.ceil(tens.length / 8);
  return tens.filter((_, index) => index % every === 0);
}

/** Where a value lies on a logarithmic axis, 0 at its lower end and 1 at its upper. */
export function logarithmicPlace(value: number, [low, high]: readonly [number, number]): number {
  return (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low));
}

/** Moves labels apart that stand one below the other, as little as needed, within limits. */
export function apart(places: readonly number[], room: number, lowest: number): number[] {
  const order = places.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place);
  const moved = [...places];
  let above = Number.NEGATIVE_INFINITY;
  for (const { place, index } of order) {
    above = Math.max(place, above + room);
    moved[index] = above;
  }
  // From the other end, where that has pushed some out.
  let below = lowest + room;
  for (const { index } of order.reverse()) {
    below = Math.min(moved[index] ?? 0, below - room);
    moved[index] = below;
  }
  return moved;
}
