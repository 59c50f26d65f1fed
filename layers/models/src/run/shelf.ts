import type { Decimal } from '../decimal.ts';
import { daysBetween, type LocalDate } from '../instant.ts';
import type { Money } from '../money.ts';
import type { Lot, Position, Reservation, StockRest } from '../stock.ts';
import { addAt, type Ladder, newLadder } from './ladder.ts';
import { cover, newProtection, type Protection } from './protection.ts';

/** Why a lot serves no line of the run at all. A line's own `minShelfLifeDays` comes on top. */
export type LotFault = 'NOT_YET_RECEIVED' | 'ON_HOLD' | 'EXPIRED' | 'LOCATION_EXCLUDED';

/** A lot while the run goes on: what is left of it, and what the run has drawn. */
export type ShelfLot = {
  readonly lot: Lot;
  readonly fault: LotFault | null;
  /** Days that it is still good; Infinity when it never expires. */
  readonly life: number;
  open: Decimal;
  /** What the run has charged for units of this lot. */
  charged: Money;
};

/** All that a run knows of one SKU; the aggregates save a walk over the lots per line. */
export type Shelf = {
  readonly sku: string;
  readonly position: Position | null;
  /** Every loaded lot, in rank order. */
  readonly lots: readonly ShelfLot[];
  /** The same by id, made when first asked for. */
  byId: ReadonlyMap<string, ShelfLot> | null;
  /** Those without a fault, in rank order, and the first that may have something open. */
  readonly serving: readonly ShelfLot[];
  cursor: number;
  /** Open units without a fault that were not loaded lot by lot. */
  readonly servingRest: readonly { readonly location: string; readonly life: number; readonly open: Decimal }[];
  /** Open units of lots on hold, of expired ones, and by life of those at excluded locations. */
  heldQuantity: Decimal;
  expiredQuantity: Decimal;
  readonly excluded: Ladder;
  /** Of lots without a fault: open units, and allocated ones (not shipped) of all lines, by life. */
  readonly open: Ladder;
  readonly allocated: Ladder;
  /** The pot of the averages: all that is received (product.md R1). */
  readonly pool: { quantity: Decimal; value: Money };
  readonly protection: Protection | null;
  /** What the run has allocated of the SKU, and its cost. */
  taken: { quantity: Decimal; cost: Money };
};

/** What decides how a run sees stock. */
export type Sight = {
  readonly asOf: string;
  readonly today: LocalDate;
  readonly locations: ReadonlySet<string> | null;
  readonly ranking: (a: Lot, b: Lot) => number;
  readonly binds: (reservation: Reservation) => boolean;
};

export type ShelfStock = {
  readonly position: Position | null;
  readonly lots: readonly Lot[];
  readonly rest: readonly StockRest[];
  readonly reservations: readonly Reservation[];
};

/** Lays out the stock of one SKU for a run. The stock itself is never written to. */
export function openShelf(sku: string, stock: ShelfStock, sight: Sight): Shelf {
  const lots = stock.lots.toSorted(sight.ranking).map((lot) => shelfLot(lot, sight));
  const rest = stock.rest.map((row) => ({ row, fault: faultOf(row, sight), life: lifeOf(row, sight) }));
  const lives = distinctLives([...lots, ...rest]);
  const shelf: Shelf = {
    sku,
    position: stock.position,
    lots,
    byId: null,
    serving: lots.filter((lot) => lot.fault === null),
    cursor: 0,
    servingRest: rest
      .filter(({ row, fault }) => fault === null && row.openQuantity > 0n)
      .map(({ row, life }) => ({ location: row.location, life, open: row.openQuantity })),
    heldQuantity: 0n,
    expiredQuantity: 0n,
    excluded: newLadder(lives),
    open: newLadder(lives),
    allocated: newLadder(lives),
    pool: { quantity: 0n, value: 0n },
    protection: newProtection(stock.reservations, sight.binds),
    taken: { quantity: 0n, cost: 0n },
  };
  for (const { lot, fault, life, open } of lots) {
    countIn(shelf, { fault, life, location: lot.location, open, allocated: lot.allocatedQuantity });
    if (fault !== 'NOT_YET_RECEIVED') {
      shelf.pool.quantity += open;
      shelf.pool.value += lot.openValue;
    }
  }
  for (const { row, fault, life } of rest) {
    countIn(shelf, { fault, life, location: row.location, open: row.openQuantity, allocated: row.allocatedQuantity });
  }
  return shelf;
}

/** The loaded lot of that id. */
export function lotOf(shelf: Shelf, id: string): ShelfLot | undefined {
  shelf.byId ??= new Map(shelf.lots.map((lot) => [lot.lot.id, lot]));
  return shelf.byId.get(id);
}

type Counted = {
  readonly fault: LotFault | null;
  readonly life: number;
  readonly location: string;
  readonly open: Decimal;
  readonly allocated: Decimal;
};

function countIn(shelf: Shelf, { fault, life, location, open, allocated }: Counted): void {
  if (fault === 'NOT_YET_RECEIVED') return;
  if (fault === 'ON_HOLD') shelf.heldQuantity += open;
  else if (fault === 'EXPIRED') shelf.expiredQuantity += open;
  else {
    if (shelf.protection) cover(shelf.protection, location, open);
    if (fault === 'LOCATION_EXCLUDED') addAt(shelf.excluded, life, open);
    else {
      addAt(shelf.open, life, open);
      addAt(shelf.allocated, life, allocated);
    }
  }
}

function shelfLot(lot: Lot, sight: Sight): ShelfLot {
  const fault = lot.receivedAt > sight.asOf ? 'NOT_YET_RECEIVED' : faultOf(lot, sight);
  return { lot, fault, life: lifeOf(lot, sight), open: lot.remainingQuantity - lot.allocatedQuantity, charged: 0n };
}

/** The first that applies, in the order of attribution (product.md 6, Shortages). */
function faultOf(of: Pick<Lot, 'status' | 'expiresOn' | 'location'>, sight: Sight): LotFault | null {
  if (of.status === 'ON_HOLD') return 'ON_HOLD';
  if (of.expiresOn !== null && of.expiresOn < sight.today) return 'EXPIRED';
  return sight.locations === null || sight.locations.has(of.location) ? null : 'LOCATION_EXCLUDED';
}

function lifeOf({ expiresOn }: { readonly expiresOn: LocalDate | null }, { today }: Sight): number {
  return expiresOn === null ? Number.POSITIVE_INFINITY : daysBetween(today, expiresOn);
}

function distinctLives(of: readonly { readonly fault: LotFault | null; readonly life: number }[]): number[] {
  const lives = new Set<number>();
  for (const { fault, life } of of) if (fault === null || fault === 'LOCATION_EXCLUDED') lives.add(life);
  return [...lives].sort((a, b) => (a === b ? 0 : b > a ? 1 : -1));
}
