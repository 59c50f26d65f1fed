/** Digits after the point of every quantity and unit cost: DECIMAL(18,6), held as a bigint of millionths. */
export const SCALE = 6;
export const ONE = 10n ** BigInt(SCALE);

/** A quantity or a unit cost in millionths: `10.5` is `10_500_000n`. */
export type Decimal = bigint;

/**
 * Reads `-?\d+(\.\d{1,n})?` into a bigint of 10^-scale.
 * Throws a RangeError for anything else: callers validate first (the contracts do).
 */
export function parseDecimal(text: string, scale: number = SCALE): bigint {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || (fraction.length > scale && /[1-9]/.test(fraction.slice(scale)))) {
    throw new RangeError(`Not a decimal of at most ${scale} places: ${text}`);
  }
  const value = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  return sign ? -value : value;
}

/** Writes without superfluous zeros: `"12"`, `"10.5"`. The form of every quantity in an answer. */
export function formatDecimal(value: Decimal): string {
  // Most quantities are whole: a slice of a large run writes tens of thousands of them.
  if (value % ONE === 0n) return (value / ONE).toString();
  return formatFixed(value).replace(/\.?0+$/, '');
}

/** Writes all decimal places: `"12.000000"`, or with scale 2 `"140.00"`, with scale 0 `"140"`. */
export function formatFixed(value: bigint, scale: number = SCALE): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale > 0 ? `.${digits.slice(digits.length - scale)}` : '';
  return `${value < 0n ? '-' : ''}${whole}${fraction}`;
}

/** numerator ÷ denominator, rounded half up, for numbers that are not negative. The rounding of R1. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}
