import type { AllocationOptions } from '../allocation.ts';
import type { Decimal } from '../decimal.ts';
import type { LineDemand, OrderDemand } from '../order.ts';
import { livingAtLeast } from './ladder.ts';
import { picksOf, worthOf } from './picks.ts';
import { allowanceOf, allowedAt, spend } from './protection.ts';
import type { Run } from './run.ts';
import { lotOf, type Shelf } from './shelf.ts';

/** A line that competes for a SKU, and its order; listed in the sequence in which lots are taken. */
export type Contender = { readonly order: OrderDemand; readonly line: LineDemand };

/**
 * The share of each contender for one SKU, in their order, in millionths (product.md 5, Pro rata): supply by weight, cut
 * off at what the line wants and can have, the excess spread again; the others in whole steps, leftover steps to the
 * largest remainders.
 */
export function sharesOf(run: Run, shelf: Shelf, rivals: readonly Contender[]): readonly Decimal[] {
  const { options } = run.input;
  const weights = weightsOf(options, rivals);
  const reach = run.choice === 'NAMED' ? reachOfPicks(run, shelf, rivals) : reachOfLives(shelf, rivals);
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

/**
 * Weights as integers with one denominator: the open quantity, or the order's weight divided over its lines of the SKU by
 * open quantity.
 */
function weightsOf({ weights }: AllocationOptions, rivals: readonly Contender[]): readonly bigint[] {
  const openByOrder = new Map<string, Decimal>();
  for (const { order, line } of rivals) {
    if (!weights.has(order.id)) continue;
    openByOrder.set(order.id, (openByOrder.get(order.id) ?? 0n) + line.openQuantity);
  }
  const fractions = rivals.map(({ order, line }) => {
    const numerator = (weights.get(order.id) ?? 1n) * line.openQuantity;
    const denominator = openByOrder.get(order.id) ?? 1n;
    const divisor = greatestDivisor(numerator, denominator);
    return { numerator: numerator / divisor, denominator: denominator / divisor };
  });
  let common = 1n;
  for (const { denominator } of fractions) common *= denominator / greatestDivisor(common, denominator);
  return fractions.map(({ numerator, denominator }) => numerator * (common / denominator));
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}

/** What all contenders together can have, and at most each alone. */
type Reach = { readonly supply: Decimal; readonly each: readonly Decimal[] };

type Stretch = { readonly location: string; readonly open: Decimal };

/** For rules that may use any lot: it depends on the line's shelf life alone. */
function reachOfLives(shelf: Shelf, rivals: readonly Contender[]): Reach {
  const byLife = new Map<number, Decimal>();
  const reachFor = (minLife: number) => {
    const known = byLife.get(minLife);
    if (known !== undefined) return known;
    const reach =
      shelf.protection === null
        ? livingAtLeast(shelf.open, minLife)
        : unprotected(shelf, [
            ...shelf.serving
              .filter(({ life }) => life >= minLife)
              .map(({ lot, open }) => ({ location: lot.location, open })),
            ...shelf.servingRest.filter(({ life }) => life >= minLife),
          ]);
    byLife.set(minLife, reach);
    return reach;
  };
  const each = rivals.map(({ line }) => reachFor(line.minShelfLifeDays ?? 0));
  return { supply: each.reduce((most, reach) => (reach > most ? reach : most), 0n), each };
}

/** For SPECIFIC: a line can have its picks, all lines together what the lots hold that one of them names. */
function reachOfPicks(run: Run, shelf: Shelf, rivals: readonly Contender[]): Reach {
  const named = new Map<string, Stretch>();
  const each = rivals.map(({ order, line }) => {
    const stretches: Stretch[] = [];
    for (const { inventoryId, quantity } of worthOf(line, picksOf(run.input.options, order, line))) {
      const from = lotOf(shelf, inventoryId);
      if (!from || from.fault !== null || from.life < (line.minShelfLifeDays ?? 0) || quantity === 0n) continue;
      const { location } = from.lot;
      named.set(inventoryId, { location, open: from.open });
      stretches.push({ location, open: quantity < from.open ? quantity : from.open });
    }
    return unprotected(shelf, stretches);
  });
  return { supply: unprotected(shelf, [...named.values()]), each };
}

/** What of these units may be taken without touching the reservations of others. */
function unprotected(shelf: Shelf, stretches: readonly Stretch[]): Decimal {
  const allowance = allowanceOf(shelf.protection, null);
  let sum = 0n;
  for (const { location, open } of stretches) {
    const allowed = allowance === null ? open : allowedAt(allowance, location);
    const quantity = open < allowed ? open : allowed;
    if (allowance) spend(allowance, location, quantity);
    sum += quantity;
  }
  return sum;
}
