import type { Decimal } from '../decimal.ts';
import type { Money } from '../money.ts';
import type { Reservation } from '../stock.ts';
import type { CostRule } from './cost-rules.ts';
import { addAt } from './ladder.ts';
import { cover, deactivate, reactivate } from './protection.ts';
import type { Shelf } from './shelf.ts';
import type { Take } from './wish.ts';

/** What a line got of one SKU, with its cost: enough to take it back exactly. */
export type Gain = {
  readonly shelf: Shelf;
  readonly takes: readonly Take[];
  /** Of each take, in minor units. */
  readonly costs: readonly Money[];
  readonly quantity: Decimal;
  readonly cost: Money;
  /** The line's own reservation, used up by this gain. */
  readonly converted: Reservation | null;
  readonly cursorBefore: number;
};

/** Takes the chosen units from the shelf and charges them. */
export function take(shelf: Shelf, takes: readonly Take[], costRule: CostRule, own: Reservation | null): Gain {
  const costs = costRule.costsOf(shelf, takes);
  let quantity = 0n;
  for (const each of takes) quantity += each.quantity;
  let cost = 0n;
  for (const each of costs) cost += each;
  const gain = {
    shelf,
    takes,
    costs,
    quantity,
    cost,
    converted: quantity > 0n ? own : null,
    cursorBefore: shelf.cursor,
  };
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
export function showAllocated({ shelf, takes }: Gain): void {
  for (const { from, quantity } of takes) addAt(shelf.allocated, from.life, quantity);
}

function book({ shelf, takes, costs, quantity, cost, converted }: Gain, sign: 1n | -1n): void {
  for (let index = 0; index < takes.length; index += 1) {
    const { from } = takes[index]!;
    const units = sign * takes[index]!.quantity;
    from.open -= units;
    from.charged += sign * costs[index]!;
    addAt(shelf.open, from.life, -units);
    if (shelf.protection) cover(shelf.protection, from.lot.location, -units);
  }
  shelf.pool.quantity -= sign * quantity;
  shelf.pool.value -= sign * cost;
  shelf.taken.quantity += sign * quantity;
  shelf.taken.cost += sign * cost;
  if (!converted || !shelf.protection) return;
  if (sign === 1n) deactivate(shelf.protection, converted);
  else reactivate(shelf.protection, converted);
}
