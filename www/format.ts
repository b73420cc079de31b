const minus = '\u2212';
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A number with a fixed count of decimals and a real minus sign. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return 'not finite';
  const text = value.toFixed(decimals);
  // "-0.00" is zero to a reader.
  if (Number(text) === 0) return text.replace('-', '');
  return text.replace('-', minus);
}

/** Like `fixed`, but a number too small for its decimals is written with a power of ten. */
export function readable(value: number, decimals: number): string {
  if (value === 0 || !(Math.abs(value) < 0.5 * 10 ** -decimals)) return fixed(value, decimals);
  return short(Number(value.toPrecision(2)));
}

/** A whole number with thousands separators. */
export function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 }).replace('-', minus);
}

/** "1 row", "2 rows". */
export function plural(value: number, singular: string, several = `${singular}s`): string {
  return `${count(value)} ${value === 1 ? singular : several}`;
}

/** A number as short as it can be without losing digits; powers of ten below 0.001 as 10⁻⁵. */
export function short(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return count(value);
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e9) return String(value).replace('-', minus);
  const [digits, exponent] = value.toExponential().split('e');
  const power = `10${[...String(Number(exponent))]
    .map((sign) => (sign === '-' ? '⁻' : (superscripts[Number(sign)] ?? '')))
    .join('')}`;
  return digits === '1' ? power : `${(digits ?? '').replace('-', minus)}·${power}`;
}

/** Reads what a visitor may type: 1e-5, 0.00001, 10⁻⁵, 2·10⁻⁵, 1,000, a real minus. */
export function parseNumber(text: string): number | undefined {
  let plain = text.trim().replaceAll(minus, '-').replace(/[,\s]/g, '');
  const power = plain.match(/^(?:(.+)[·*×x])?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/);
  if (power) {
    const exponent = [...(power[2] ?? '')]
      .map((sign) => (sign === '⁻' ? '-' : String(superscripts.indexOf(sign))))
      .join('');
    plain = `${power[1] ?? '1'}e${exponent}`;
  }
  if (plain === '') return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/** Decimals that show a quantity of this size to about three digits. */
export function decimalsFor(size: number): number {
  if (!(size > 0) || !Number.isFinite(size)) return 2;
  return Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(size))));
}

/** A list as the fitting core has it, with room between its numbers and real minus signs. */
export function spelledList(text: string): string {
  return text.replaceAll('-', minus).replaceAll(`e${minus}`, 'e-').split(',').join(', ');
}
