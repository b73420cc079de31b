import { count, short } from '../format.ts';

/** A time as one says it: 40 s, 3 min 20 s, 1 h 5 min. */
export function duration(seconds: number): string {
  if (seconds < 1) return 'less than 1 s';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(seconds / 60);
  if (whole < 600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const sizes = [
  { size: 1e12, word: 'trillion' },
  { size: 1e9, word: 'billion' },
  { size: 1e6, word: 'million' },
] as const;

/** A large number to two digits: 1.9 billion. */
export function large(value: number): string {
  const { size, word } = sizes.find((one) => value >= one.size) ?? {};
  return size === undefined
    ? count(value)
    : `${short(Number((value / size).toPrecision(2)))} ${word}`;
}

/** An error to three digits. */
export function error(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return short(Number(value.toPrecision(3)));
}

/** Mean and deviation, as far as there are any. */
export function meanInWords({ mean, deviation }: { mean: number; deviation: number }): string {
  if (!Number.isFinite(mean)) return '–';
  return Number.isFinite(deviation) ? `${error(mean)} ± ${error(deviation)}` : error(mean);
}
