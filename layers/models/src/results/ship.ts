import { type Change, noChange } from '../change.ts';
import type { Decimal } from '../decimal.ts';
import { DomainError } from '../errors.ts';
import { dateOf, effectiveTime, type Instant } from '../instant.ts';
import type { Lot } from '../stock.ts';
import type { ResultContext, ResultState } from './result-state.ts';
import { rowsOf, type Split, split } from './split.ts';

/** What shipping relies on: the lot too, since a held or expired one may not leave. */
export type ShipmentContext = ResultContext & {
  readonly lot: Pick<Lot, 'status' | 'expiresOn'>;
  /** Null: now. */
  readonly shippedAt: Instant | null;
  /** IANA; decides the date on which it is shipped. */
  readonly timeZone: string;
};

/**
 * Ships an allocated result, or `quantity` of it in millionths (null: all): the units leave the lot, their cost moves
 * from committed to COGS and is never changed by it (product.md R2).
 * Throws STATE_CONFLICT for a row that is not allocated or a lot that is on hold, or expired at `shippedAt`;
 * VALIDATION_FAILED for more than the row holds (`/quantity`) or a time before the allocation or in the future
 * (`/shippedAt`); PERIOD_CLOSED for a time in a closed month.
 */
export function ship(row: ResultState, quantity: Decimal | null, context: ShipmentContext): Split & { change: Change } {
  const shippedAt = context.shippedAt ?? context.now;
  const target = { status: 'SHIPPED', shippedAt, releasedAt: null } as const;
  const parts = split(row, quantity, target, context.newId);
  refuseTime(row, shippedAt, context);
  refuseLot(row, shippedAt, context);
  const { id, quantity: units, costAmount } = parts.moved;
  const counters = { allocatedDelta: -units, shippedDelta: units, cancelledDelta: 0n };
  const change: Change = {
    ...noChange,
    ...rowsOf(parts),
    orders: [{ ...context.order, ...counters }],
    orderLines: [{ id: row.orderLineId, ...counters }],
    positions: [
      {
        ...{ sku: row.sku, version: context.positionVersion, moves: true },
        ...{ poolQuantityDelta: 0n, poolValueDelta: 0n },
      },
    ],
    lots: [{ id: row.inventoryId, remainingDelta: -units, allocatedDelta: -units, openValueDelta: 0n }],
    movements: [
      {
        ...{ kind: 'SHIP', sku: row.sku, inventoryId: row.inventoryId, quantityDelta: -units, valueDelta: -costAmount },
        ...{ reference: id, effectiveAt: effectiveTime(shippedAt, context.firstOpenAt) },
      },
    ],
  };
  return { ...parts, change };
}

function refuseTime(row: ResultState, shippedAt: Instant, { now, firstOpenAt }: ShipmentContext): void {
  if (shippedAt > now) throw wrongTime('must not be in the future');
  if (shippedAt < row.asOf) throw wrongTime(`must not be before the allocation at ${row.asOf}`);
  if (firstOpenAt !== null && shippedAt < firstOpenAt) {
    throw new DomainError(
      'PERIOD_CLOSED',
      `${shippedAt} lies in a closed month; the first open one starts ${firstOpenAt}`,
    );
  }
}

function refuseLot(row: ResultState, shippedAt: Instant, { lot, timeZone }: ShipmentContext): void {
  if (lot.status === 'ON_HOLD') {
    throw new DomainError('STATE_CONFLICT', `Lot ${row.inventoryId} is on hold and may not be shipped`);
  }
  if (lot.expiresOn !== null && lot.expiresOn < dateOf(shippedAt, timeZone)) {
    throw new DomainError(
      'STATE_CONFLICT',
      `Lot ${row.inventoryId} expired after ${lot.expiresOn} and may not be shipped`,
    );
  }
}

const wrongTime = (detail: string) =>
  new DomainError('VALIDATION_FAILED', `shippedAt ${detail}`, { errors: [{ pointer: '/shippedAt', detail }] });
