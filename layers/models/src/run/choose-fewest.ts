import { spend } from './protection.ts';
import type { Shelf, ShelfLot } from './shelf.ts';
import { type Take, takable, type Wish } from './wish.ts';

/**
 * The smallest lot that covers the rest, else the largest, and again (product.md 5). Size is what can be taken of a lot,
 * equal sizes go by rank. Greedy is minimal: per location, and so in all, each further lot adds at most what the one
 * before it added.
 */
export function chooseFewest(shelf: Shelf, wish: Wish): Take[] {
  const candidates = shelf.serving.slice(shelf.cursor).filter((from) => takable(from, wish) > 0n);
  const takes: Take[] = [];
  let rest = wish.quantity;
  const takeFrom = (from: ShelfLot) => {
    const available = takable(from, wish);
    const quantity = available < rest ? available : rest;
    takes.push({ from, quantity });
    rest -= quantity;
    if (wish.allowance) spend(wish.allowance, from.lot.location, quantity);
  };
  for (const from of wholeLots(candidates, wish)) {
    if (from.open >= rest || takable(from, wish) < from.open) break;
    takeFrom(from);
  }
  const taken = new Set(takes.map(({ from }) => from));
  let others = taken.size === 0 ? candidates : candidates.filter((from) => !taken.has(from));
  while (rest > 0n) {
    const from = fittest(others, wish, rest);
    if (from === null) break;
    takeFrom(from);
    others = others.filter((other) => other !== from);
  }
  return takes;
}

/** The lots from the largest down, where no single one will do: in this order they are taken as long as wholly. */
function wholeLots(candidates: readonly ShelfLot[], wish: Wish): readonly ShelfLot[] {
  if (candidates.some((from) => takable(from, wish) >= wish.quantity)) return [];
  return candidates.toSorted((a, b) => (a.open === b.open ? 0 : a.open > b.open ? -1 : 1));
}

/** The smallest lot that covers the rest, else the largest. */
function fittest(candidates: readonly ShelfLot[], wish: Wish, rest: bigint): ShelfLot | null {
  let best: ShelfLot | null = null;
  let size = 0n;
  for (const from of candidates) {
    const available = takable(from, wish);
    const isBetter = size >= rest ? available >= rest && available < size : available > size;
    if (!isBetter) continue;
    best = from;
    size = available;
  }
  return best;
}
