import { numberSource } from './json-number.ts';
import { scalar, Wrong } from './scalar.ts';

type Range = { readonly min: number; readonly max: number };

/** A whole JSON number within bounds. */
export const integer = ({ min, max }: Range, description: string) =>
  scalar((value) => readInteger(numberSource(value), { min, max }), {
    type: 'integer',
    minimum: min,
    maximum: max,
    description,
  });

/** A whole number within bounds, as a query parameter carries it. */
export const integerText = ({ min, max }: Range, description: string) =>
  scalar((value) => readInteger(typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? value : null, { min, max }), {
    type: 'integer',
    minimum: min,
    maximum: max,
    description,
  });

function readInteger(source: string | null, { min, max }: Range): number | Wrong {
  const value = source === null ? Number.NaN : Number(source);
  return Number.isSafeInteger(value) && value >= min && value <= max
    ? value
    : new Wrong(`must be a whole number from ${min} to ${max}`);
}
