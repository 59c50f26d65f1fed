import { type Change, noChange } from '../change.ts';
import type { Decimal } from '../decimal.ts';
import { effectiveTime } from '../instant.ts';
import type { ResultContext, ResultState } from './result-state.ts';
import { rowsOf, type Split, split } from './split.ts';

/**
 * Gives an allocated result back, or `quantity` of it in millionths (null: all): exactly the quantity and the amount go
 * to its own lot and to the pool (product.md R2, R3), also where the lot is held or expired. It counts from when the
 * result counted, at the earliest from the first open month on.
 * Throws STATE_CONFLICT for a row that is not allocated, VALIDATION_FAILED (`/quantity`) for more than it holds.
 */
export function release(
  row: ResultState,
  quantity: Decimal | null,
  context: ResultContext,
): Split & { change: Change } {
  const target = { status: 'RELEASED', shippedAt: null, releasedAt: context.now } as const;
  const parts = split(row, quantity, target, context.newId);
  const { id, quantity: units, costAmount } = parts.moved;
  const counters = { allocatedDelta: -units, shippedDelta: 0n, cancelledDelta: 0n };
  const change: Change = {
    ...noChange,
    ...rowsOf(parts),
    orders: [{ ...context.order, ...counters }],
    orderLines: [{ id: row.orderLineId, ...counters }],
    positions: [
      {
        ...{ sku: row.sku, version: context.positionVersion, moves: true },
        ...{ poolQuantityDelta: units, poolValueDelta: costAmount },
      },
    ],
    lots: [{ id: row.inventoryId, remainingDelta: 0n, allocatedDelta: -units, openValueDelta: costAmount }],
    movements: [
      {
        ...{ kind: 'RELEASE', sku: row.sku, inventoryId: row.inventoryId },
        ...{ quantityDelta: units, valueDelta: costAmount },
        ...{ reference: id, effectiveAt: effectiveTime(row.asOf, context.firstOpenAt) },
      },
    ],
  };
  return { ...parts, change };
}
