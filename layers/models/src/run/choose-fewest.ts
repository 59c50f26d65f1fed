import { spend } from './protection.ts';
import type { Shelf, ShelfLot } from './shelf.ts';
import { type Take, takable, type Wish } from './wish.ts';

/**
 * The smallest lot that covers the rest, else the largest, and again (product.md 5). Size is what can be taken of a lot,
 * equal sizes go by rank. Greedy is minimal: per location, and so in all, each further lot adds at most what the one
 * before it added.
 */
export function chooseFewest(shelf: Shelf, wish: Wish): Take[] {
  const takes: Take[] = [];
  let candidates = shelf.serving.slice(shelf.cursor).filter((from) => takable(from, wish) > 0n);
  let rest = wish.quantity;
  while (rest > 0n) {
    const from = fittest(candidates, wish, rest);
    if (from === null) break;
    const available = takable(from, wish);
    const quantity = available < rest ? available : rest;
    takes.push({ from, quantity });
    rest -= quantity;
    if (wish.allowance) spend(wish.allowance, from.lot.location, quantity);
    candidates = candidates.filter((other) => other !== from);
  }
  return takes;
}

function fittest(candidates: readonly ShelfLot[], wish: Wish, rest: bigint): ShelfLot | null {
  let best: ShelfLot | null = null;
  let size = 0n;
  for (const from of candidates) {
    const available = takable(from, wish);
    const better = size >= rest ? available >= rest && available < size : available > size;
    if (!better) continue;
    best = from;
    size = available;
  }
  return best;
}
