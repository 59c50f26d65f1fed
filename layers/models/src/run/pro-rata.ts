import type { Decimal } from '../decimal.ts';
import type { Contender } from './contender.ts';
import { reachOf } from './reach.ts';
import type { Run } from './run.ts';
import type { Shelf } from './shelf.ts';
import { weightsOf } from './weights.ts';

/**
 * The share of each contender for one SKU, in their order, in millionths (product.md 5, Pro rata): supply by weight, cut
 * off at what the line wants and can have, the excess spread again; the others in whole steps, leftover steps to the
 * largest remainders.
 */
export function sharesOf(run: Run, shelf: Shelf, rivals: readonly Contender[]): readonly Decimal[] {
  const { options } = run.input;
  const weights = weightsOf(options, rivals);
  const reach = reachOf(run, shelf, rivals);
  const claims = rivals.map(({ line }, index) => {
    const weight = weights[index]!;
    const most = reach.each[index]!;
    return { index, weight, cap: weight === 0n ? 0n : most < line.openQuantity ? most : line.openQuantity };
  });
  return divideSupply(reach.supply, claims, options.quantityStep);
}

/** What a line asks for: its weight, the most that it can use, and its place in the sequence. */
type Claim = { readonly index: number; readonly weight: bigint; readonly cap: Decimal };

/** Fills claims that their share covers exactly, smallest cap per weight first; the rest share what is left by steps. */
function divideSupply(supply: Decimal, claims: readonly Claim[], step: Decimal): readonly Decimal[] {
  const shares = claims.map(() => 0n);
  const byLevel = claims
    .filter(({ weight }) => weight > 0n)
    .sort((a, b) => sign(a.cap * b.weight - b.cap * a.weight) || a.index - b.index);
  let rest = supply;
  let weights = byLevel.reduce((sum, { weight }) => sum + weight, 0n);
  let filled = 0;
  for (const { index, weight, cap } of byLevel) {
    if (cap * weights > rest * weight) break;
    shares[index] = cap;
    rest -= cap;
    weights -= weight;
    filled += 1;
  }
  shareBySteps({ supply: rest, weights, step }, byLevel.slice(filled), shares);
  return shares;
}

function shareBySteps(
  { supply, weights, step }: { supply: Decimal; weights: bigint; step: Decimal },
  claims: readonly Claim[],
  shares: Decimal[],
): void {
  let rest = supply;
  const unit = weights * step;
  for (const { index, weight } of claims) {
    shares[index] = ((supply * weight) / unit) * step;
    rest -= shares[index];
  }
  const byRemainder = claims
    .filter(({ index, cap }) => shares[index]! + step <= cap)
    .map(({ index, weight }) => ({ index, remainder: (supply * weight) % unit }))
    .sort((a, b) => sign(b.remainder - a.remainder) || a.index - b.index);
  for (const { index } of byRemainder) {
    if (rest < step) return;
    shares[index] = shares[index]! + step;
    rest -= step;
  }
}

const sign = (difference: bigint) => (difference > 0n ? 1 : difference < 0n ? -1 : 0);
