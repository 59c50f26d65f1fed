import type { Shortage, ShortageReason } from '../allocation.ts';
import type { Decimal } from '../decimal.ts';
import type { LineDemand, Pick } from '../order.ts';
import { livingAtLeast } from './ladder.ts';
import { ownReservation } from './protection.ts';
import { lotOf, type Shelf } from './shelf.ts';

export type Reasons = Shortage['reasons'];

/** What a shortage may be put down to, and at most how much of it. */
type Cap = readonly [ShortageReason, Decimal];

/** Divides a shortage over the caps in their order; what nothing explains gets the last reason (product.md 6, Shortages). */
export function attribute(short: Decimal, caps: readonly Cap[], otherwise: ShortageReason): Reasons {
  const reasons: { code: ShortageReason; quantity: Decimal }[] = [];
  let rest = short;
  for (const [code, cap] of [...caps, [otherwise, rest] as const]) {
    const quantity = cap < rest ? cap : rest;
    if (quantity <= 0n) continue;
    reasons.push({ code, quantity });
    rest -= quantity;
  }
  return reasons;
}

/**
 * What the stock explains of a line's shortage for every rule but SPECIFIC, on the shelf as it is now. `gained` are
 * units of the line that the shelf counts as allocated already, `withheld` open ones that POLICY_COMPLETE_ONLY explains.
 */
export function stockCaps(
  shelf: Shelf,
  line: LineDemand,
  { gained = 0n, withheld = 0n }: { gained?: Decimal; withheld?: Decimal },
): readonly Cap[] {
  const minLife = line.minShelfLifeDays ?? 0;
  const free = livingAtLeast(shelf.open, minLife);
  const excluded = livingAtLeast(shelf.excluded, minLife);
  const reserved = reservedByOthers(shelf, line);
  return [
    ['ON_HOLD', shelf.heldQuantity],
    ['EXPIRED', shelf.expiredQuantity],
    ['SHELF_LIFE', shelf.open.total - free + shelf.excluded.total - excluded],
    ['LOCATION_EXCLUDED', excluded],
    ['RESERVED', free - withheld < reserved ? free - withheld : reserved],
    ['ALLOCATED_TO_OTHERS', livingAtLeast(shelf.allocated, minLife) - gained - heldByLine(shelf, line, minLife)],
  ];
}

/** What the named lots explain of a line's shortage for SPECIFIC; all the rest is LOT_SHORT. */
export function pickCaps(shelf: Shelf, picks: readonly Pick[]): readonly Cap[] {
  let held = 0n;
  let expired = 0n;
  for (const { inventoryId, quantity } of picks) {
    const from = lotOf(shelf, inventoryId);
    const missing = from && from.open < quantity ? from.open : quantity;
    if (from?.fault === 'ON_HOLD') held += missing;
    else if (from?.fault === 'EXPIRED') expired += missing;
  }
  return [
    ['LOT_ON_HOLD', held],
    ['LOT_EXPIRED', expired],
  ];
}

function reservedByOthers({ protection }: Shelf, line: LineDemand): Decimal {
  if (protection === null) return 0n;
  return protection.activeQuantity - (ownReservation(protection, line.reservationId)?.quantity ?? 0n);
}

/** What the line held before the run in otherwise usable lots; a lot that was not loaded by itself counts as one. */
function heldByLine(shelf: Shelf, line: LineDemand, minLife: number): Decimal {
  let held = 0n;
  for (const { inventoryId, allocatedQuantity } of line.holdings) {
    const from = lotOf(shelf, inventoryId);
    if (!from || (from.fault === null && from.life >= minLife)) held += allocatedQuantity;
  }
  return held;
}
