import type { Lot } from '../stock.ts';
import type { LotKey, RankKey } from './pick-rule.ts';

/**
 * Compares lots by the keys of a pick rule, a lot without a value last in either direction; the id decides what is left.
 * `locationPriority` is the request's: the first is drawn first, unlisted locations last.
 */
export function rankingBy(keys: readonly RankKey[], locationPriority: readonly string[]): (a: Lot, b: Lot) => number {
  const places = new Map(locationPriority.map((location, place) => [location, place]));
  const levels = keys.map(({ key, direction }) => ({ read: values[key], sign: direction === 'asc' ? 1 : -1 }));
  return (a, b) => {
    for (const { read, sign } of levels) {
      const left = read(a, places);
      const right = read(b, places);
      if (left === right) continue;
      if (left === null) return 1;
      if (right === null) return -1;
      return left < right ? -sign : sign;
    }
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  };
}

const values: Record<LotKey, (lot: Lot, places: ReadonlyMap<string, number>) => string | number | bigint | null> = {
  receivedAt: (lot) => lot.receivedAt,
  lotSequence: (lot) => lot.lotSequence,
  expiresOn: (lot) => lot.expiresOn,
  lotUnitCost: (lot) => lot.lotUnitCost,
  locationRank: (lot, places) => places.get(lot.location) ?? places.size,
};
