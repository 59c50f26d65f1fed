import type { Decimal } from '../decimal.ts';
import type { Pick } from '../order.ts';
import { livingAtLeast } from './ladder.ts';
import { type Allowance, allowedAt } from './protection.ts';
import type { Shelf, ShelfLot } from './shelf.ts';

/** What one line asks of the shelf. The allowance is used up by the choice. */
export type Wish = {
  readonly quantity: Decimal;
  /** `minShelfLifeDays` of the line; what has expired serves nobody anyway. */
  readonly minLife: number;
  /** For NAMED: what each named lot is still worth to the line, in the given order. */
  readonly picks: readonly Pick[];
  readonly allowance: Allowance | null;
};

export type Take = { readonly from: ShelfLot; readonly quantity: Decimal };

/** Which lots serve the wish, in the order in which they are drawn. Reads the shelf, changes nothing on it. */
export type Choose = (shelf: Shelf, wish: Wish) => Take[];

/** What can be taken of a lot for the wish: open, long-lived enough, and not protected for others. */
export function takable(from: ShelfLot, { minLife, allowance }: Wish): Decimal {
  if (from.fault !== null || from.life < minLife) return 0n;
  if (allowance === null) return from.open;
  const allowed = allowedAt(allowance, from.lot.location);
  return allowed < from.open ? allowed : from.open;
}

/** What any choice from all lots comes to, by the sums of the shelf alone; null where only choosing tells. */
export function sumOf(shelf: Shelf, { quantity, minLife, allowance }: Wish): Decimal | null {
  if (shelf.servingRest.length > 0 || (allowance !== null && allowance.places.size > 0)) return null;
  const free = livingAtLeast(shelf.open, minLife);
  const most = allowance !== null && allowance.total < free ? allowance.total : free;
  return most < quantity ? most : quantity;
}
