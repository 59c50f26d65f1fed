import { spend } from './protection.ts';
import { lotOf, type Shelf } from './shelf.ts';
import { type Take, takable, type Wish } from './wish.ts';

/** The named lots in the given order, each up to what its pick is worth, and no other lot. */
export function chooseNamed(shelf: Shelf, wish: Wish): Take[] {
  const takes: Take[] = [];
  let rest = wish.quantity;
  for (const pick of wish.picks) {
    const from = lotOf(shelf, pick.inventoryId);
    const available = from ? takable(from, wish) : 0n;
    const worth = pick.quantity < rest ? pick.quantity : rest;
    const quantity = available < worth ? available : worth;
    if (!from || quantity <= 0n) continue;
    takes.push({ from, quantity });
    rest -= quantity;
    if (wish.allowance) spend(wish.allowance, from.lot.location, quantity);
  }
  return takes;
}
