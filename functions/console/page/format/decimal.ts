import { formatDecimal, formatFixed, parseDecimal } from '@inventory/models';

// Money and quantities come as decimal strings and are shown as they are: no float ever touches them but for the width of a bar.

/** With separators between thousands: `1234567.50` is `1,234,567.50`. */
export function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return (fraction === undefined ? separated : `${separated}.${fraction}`).replace('-', '−');
}

/** With a sign: `+5.35`, `−2`, and nothing but `0` for nothing. */
export const signed = (text: string): string =>
  isZero(text) ? '0' : text.startsWith('-') ? grouped(text) : `+${grouped(text)}`;

/** A unit cost without superfluous zeros, but with the digits of the currency: `12.000000` is `12.00`. */
export function unitCost(text: string, digits: number): string {
  const [whole = '', fraction = ''] = text.split('.');
  const kept = fraction.replace(/0+$/, '').padEnd(digits, '0');
  return grouped(kept ? `${whole}.${kept}` : whole);
}

/** A rate from 0 to 1 in percent with one digit, half up: `0.864924` is `86.5 %`. All is said to be filled only when it is. */
export function percent(rate: string): string {
  const millionths = parseDecimal(rate);
  const tenths = (millionths + 500n) / 1_000n;
  const shown = tenths === 1_000n && millionths < 1_000_000n ? 999n : tenths;
  return `${formatFixed(shown, 1)} %`;
}

export const sum = (quantities: readonly string[]): string =>
  formatDecimal(quantities.reduce((total, quantity) => total + parseDecimal(quantity), 0n));

/** With as many places as the longer of the two has: money stays money. */
export function difference(minuend: string, subtrahend: string): string {
  const scale = Math.max(places(minuend), places(subtrahend));
  return formatFixed(parseDecimal(minuend, scale) - parseDecimal(subtrahend, scale), scale);
}

/** Below 0 when the first is smaller, above 0 when it is greater. */
export function compareDecimals(one: string, other: string): number {
  const scale = Math.max(places(one), places(other));
  const left = parseDecimal(one, scale);
  const right = parseDecimal(other, scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

export const isZero = (text: string): boolean => /^-?0+(\.0+)?$/.test(text);

/** From 0 to 1, for the width of a bar and nothing else. */
export const share = (part: string, whole: string): number =>
  isZero(whole) ? 0 : Math.min(1, Math.max(0, Number(part) / Number(whole)));

const places = (text: string) => text.split('.')[1]?.length ?? 0;
