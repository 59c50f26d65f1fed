import type { Decimal } from '../decimal.ts';
import type { Money } from '../money.ts';
import type { Reservation } from '../stock.ts';
import type { CostRule } from './cost-rules.ts';
import { addAt } from './ladder.ts';
import { cover, deactivate, reactivate } from './protection.ts';
import type { Shelf, ShelfLot } from './shelf.ts';
import type { Take } from './wish.ts';

/** What a line got of one SKU, with its cost: enough to take it back exactly. */
export type Gain = {
  readonly shelf: Shelf;
  readonly parts: readonly { readonly from: ShelfLot; readonly quantity: Decimal; readonly cost: Money }[];
  readonly quantity: Decimal;
  readonly cost: Money;
  /** The line's own reservation, used up by this gain. */
  readonly converted: Reservation | null;
  readonly cursorBefore: number;
};

/** Takes the chosen units from the shelf and charges them. */
export function take(shelf: Shelf, takes: readonly Take[], costRule: CostRule, own: Reservation | null): Gain {
  const costs = costRule.costsOf(shelf, takes);
  const parts = takes.map(({ from, quantity }, index) => ({ from, quantity, cost: costs[index]! }));
  let quantity = 0n;
  let cost = 0n;
  for (const part of parts) {
    quantity += part.quantity;
    cost += part.cost;
  }
  const gain = { shelf, parts, quantity, cost, converted: quantity > 0n ? own : null, cursorBefore: shelf.cursor };
  book(gain, 1n);
  while (shelf.cursor < shelf.serving.length && shelf.serving[shelf.cursor]!.open === 0n) shelf.cursor += 1;
  return gain;
}

/** Takes back an attempt: the shelf is as it was, to the cent. Attempts are taken back in reverse order. */
export function putBack(gain: Gain): void {
  book(gain, -1n);
  gain.shelf.cursor = gain.cursorBefore;
}

/** From here on other lines see these units as allocated; those of an attempt explain nothing (product.md 6, Fine print). */
export function showAllocated({ shelf, parts }: Gain): void {
  for (const { from, quantity } of parts) addAt(shelf.allocated, from.life, quantity);
}

function book({ shelf, parts, quantity, cost, converted }: Gain, sign: 1n | -1n): void {
  for (const part of parts) {
    const units = sign * part.quantity;
    part.from.open -= units;
    part.from.charged += sign * part.cost;
    addAt(shelf.open, part.from.life, -units);
    if (shelf.protection) cover(shelf.protection, part.from.lot.location, -units);
  }
  shelf.pool.quantity -= sign * quantity;
  shelf.pool.value -= sign * cost;
  shelf.taken.quantity += sign * quantity;
  shelf.taken.cost += sign * cost;
  if (!converted || !shelf.protection) return;
  if (sign === 1n) deactivate(shelf.protection, converted);
  else reactivate(shelf.protection, converted);
}
