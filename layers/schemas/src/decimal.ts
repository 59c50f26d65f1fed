import { type Decimal, parseDecimal } from '@inventory/models';
import { numberSource } from './json-number.ts';
import { type Documentation, scalar, Wrong } from './scalar.ts';

/** A quantity greater than 0, in millionths. */
export const quantity = (description: string, example = '12') =>
  scalar((value) => above0(readDecimal(value)), decimalDocumentation(description, example));

/** A cost of 0 or more, in millionths of the major unit. */
export const cost = (description: string, example = '12.50') =>
  scalar((value) => notNegative(readDecimal(value)), decimalDocumentation(description, example));

/** A weight of 0 or more, in millionths. */
export const weight = cost;

/**
 * `-?\d+(\.\d{1,6})?` with at most 12 digits before the point, as a text or as a JSON number by its source text, in
 * millionths (product.md 6).
 */
export function readDecimal(value: unknown): Decimal | Wrong {
  const source = typeof value === 'string' ? value : numberSource(value);
  if (source === null) return new Wrong('must be a decimal, as a text or a number');
  const [, whole, fraction = ''] = /^-?(\d+)(?:\.(\d+))?$/.exec(source.length > 100 ? '' : source) ?? [];
  if (whole === undefined) return new Wrong('must be a decimal such as 12 or 10.5');
  if (whole.length > 12) return new Wrong('must have at most 12 digits before the point');
  if (fraction.length > 6) return new Wrong('must have at most 6 digits after the point');
  return parseDecimal(source);
}

const above0 = (value: Decimal | Wrong) =>
  !(value instanceof Wrong) && value <= 0n ? new Wrong('must be above 0') : value;

const notNegative = (value: Decimal | Wrong) =>
  !(value instanceof Wrong) && value < 0n ? new Wrong('must not be negative') : value;

const decimalDocumentation = (description: string, example: string): Documentation => ({
  type: ['string', 'number'],
  pattern: '^-?\\d{1,12}(\\.\\d{1,6})?$',
  description,
  examples: [example],
});
