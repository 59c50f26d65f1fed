import type { Costing } from '../change.ts';
import type { Decimal } from '../decimal.ts';
import { draw, type Money, type Pot } from '../money.ts';
import type { CostBasis } from '../strategy.ts';
import type { Shelf } from './shelf.ts';
import type { Take } from './wish.ts';

/** How a cost basis charges a line (product.md R1, R3, R4). */
export type CostRule = {
  readonly costing: Costing;
  /** The pot is the SKU's pool: what is left of it is spread over its lots again. */
  readonly pooled: boolean;
  /** The cost of each take, in minor units, in the order of the takes. */
  readonly costsOf: (shelf: Shelf, takes: readonly Take[]) => Money[];
};

/** Each take draws from its own lot. */
const lotCosts: CostRule['costsOf'] = (_shelf, takes) =>
  takes.map(({ from, quantity }) => draw({ quantity: from.open, value: from.lot.openValue - from.charged }, quantity));

/** The line draws once from the pool; its cost is divided over the takes by R1, in pick order. */
const poolCosts: CostRule['costsOf'] = (shelf, takes) => {
  const quantity = takes.reduce((sum, take) => sum + take.quantity, 0n);
  return divide(
    { quantity, value: draw(shelf.pool, quantity) },
    takes.map((take) => take.quantity),
  );
};

export const costRules: Record<CostBasis, CostRule> = {
  LOT: { costing: 'FINAL', pooled: false, costsOf: lotCosts },
  MOVING_AVERAGE: { costing: 'FINAL', pooled: true, costsOf: poolCosts },
  TOTAL_AVERAGE: { costing: 'PROVISIONAL', pooled: true, costsOf: poolCosts },
};

/** Divides a pot over parts that sum to its quantity: each draws from what is left, the last takes the rest (R1). */
export function divide(pot: Pot, parts: readonly Decimal[]): Money[] {
  let { quantity, value } = pot;
  return parts.map((part) => {
    const amount = draw({ quantity, value }, part);
    quantity -= part;
    value -= amount;
    return amount;
  });
}
