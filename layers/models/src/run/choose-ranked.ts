import { spend } from './protection.ts';
import type { Shelf } from './shelf.ts';
import { type Take, takable, type Wish } from './wish.ts';

/** Down the ranking until the wish is met. */
export function chooseRanked(shelf: Shelf, wish: Wish): Take[] {
  const takes: Take[] = [];
  const { allowance } = wish;
  let rest = wish.quantity;
  for (let index = shelf.cursor; index < shelf.serving.length && rest > 0n; index += 1) {
    if (allowance?.total === 0n) break;
    const from = shelf.serving[index]!;
    const available = takable(from, wish);
    if (available === 0n) continue;
    const quantity = available < rest ? available : rest;
    takes.push({ from, quantity });
    rest -= quantity;
    if (allowance) spend(allowance, from.lot.location, quantity);
  }
  return takes;
}
