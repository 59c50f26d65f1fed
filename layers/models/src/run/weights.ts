import type { AllocationOptions } from '../allocation.ts';
import type { Decimal } from '../decimal.ts';
import type { Contender } from './contender.ts';

/**
 * Weights as integers with one denominator: the open quantity, or the order's weight divided over its lines of the SKU by
 * open quantity.
 */
export function weightsOf({ weights }: AllocationOptions, rivals: readonly Contender[]): readonly bigint[] {
  const openByOrder = new Map<string, Decimal>();
  for (const { order, line } of rivals) {
    if (!weights.has(order.id)) continue;
    openByOrder.set(order.id, (openByOrder.get(order.id) ?? 0n) + line.openQuantity);
  }
  const fractions = rivals.map(({ order, line }) => {
    const numerator = (weights.get(order.id) ?? 1n) * line.openQuantity;
    const denominator = openByOrder.get(order.id) ?? 1n;
    const divisor = greatestDivisor(numerator, denominator);
    return { numerator: numerator / divisor, denominator: denominator / divisor };
  });
  let common = 1n;
  for (const { denominator } of fractions) {
    common *= denominator / greatestDivisor(common, denominator);
    if (common > FINEST) break;
  }
  const scale = common < FINEST ? common : FINEST;
  return fractions.map(({ numerator, denominator }) => (numerator * scale) / denominator);
}

/**
 * Weights are exact up to this common denominator, and beyond it to 300 digits: thousands of orders with awkward
 * quantities would else need numbers of megabytes, for a difference that no step can show.
 */
const FINEST = 10n ** 300n;

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
