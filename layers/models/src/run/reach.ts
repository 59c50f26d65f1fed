import type { Decimal } from '../decimal.ts';
import type { Contender } from './contender.ts';
import { livingAtLeast } from './ladder.ts';
import { picksOf, worthOf } from './picks.ts';
import { allowanceOf, allowedAt, spend } from './protection.ts';
import type { Run } from './run.ts';
import { lotOf, type Shelf } from './shelf.ts';

/** What all contenders together can have, and at most each alone. */
export type Reach = { readonly supply: Decimal; readonly each: readonly Decimal[] };

/** How far the supply of one SKU reaches, in millionths: what reservations that no line of the run names hold is not in it. */
export function reachOf(run: Run, shelf: Shelf, rivals: readonly Contender[]): Reach {
  return run.choice === 'NAMED' ? reachOfPicks(run, shelf, rivals) : reachOfLives(shelf, rivals);
}

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
