import type { Decimal } from '../decimal.ts';

/**
 * Quantities by remaining shelf life in days, for "all that lives at least n days" without a walk over the lots:
 * a Fenwick tree over the distinct lives, longest first. Infinity is the life of what never expires.
 */
export type Ladder = { readonly lives: readonly number[]; readonly sums: Decimal[]; total: Decimal };

/** An empty ladder for the given lives (distinct, longest first). */
export function newLadder(lives: readonly number[]): Ladder {
  return { lives, sums: lives.length > 1 ? new Array<Decimal>(lives.length + 1).fill(0n) : [], total: 0n };
}

/** Adds a quantity (or with a negative one takes it away) at one of the ladder's lives. */
export function addAt(ladder: Ladder, life: number, quantity: Decimal): void {
  ladder.total += quantity;
  if (ladder.sums.length === 0) return;
  for (let index = countAtLeast(ladder.lives, life); index < ladder.sums.length; index += index & -index) {
    ladder.sums[index] = ladder.sums[index]! + quantity;
  }
}

/** The quantity that lives at least `days`. */
export function livingAtLeast(ladder: Ladder, days: number): Decimal {
  const count = countAtLeast(ladder.lives, days);
  if (count === ladder.lives.length) return ladder.total;
  let sum = 0n;
  for (let index = count; index > 0; index -= index & -index) sum += ladder.sums[index]!;
  return sum;
}

function countAtLeast(lives: readonly number[], days: number): number {
  let low = 0;
  let high = lives.length;
  if (high === 0 || lives[high - 1]! >= days) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lives[middle]! >= days) low = middle + 1;
    else high = middle;
  }
  return low;
}
