import type { Decimal } from './decimal.ts';
import type { Instant, LocalDate } from './instant.ts';
import type { Money } from './money.ts';

export const lotStatuses = ['AVAILABLE', 'ON_HOLD'] as const;
export type LotStatus = (typeof lotStatuses)[number];

/** One receipt of one SKU at one location, as far as an allocation needs it. */
export type Lot = {
  readonly id: string;
  /** Made by the server, ascending in the order of receipt: the last tie-break but the id. */
  readonly lotSequence: number;
  readonly sku: string;
  readonly location: string;
  readonly status: LotStatus;
  readonly receivedAt: Instant;
  /** The last good day, inclusive. */
  readonly expiresOn: LocalDate | null;
  /** As received, in millionths of the major unit; of a lot given by totalCost: totalCost ÷ quantity. */
  readonly lotUnitCost: Decimal;
  /** Physically here. */
  readonly remainingQuantity: Decimal;
  readonly allocatedQuantity: Decimal;
  /** Value of what is not allocated, in minor units. */
  readonly openValue: Money;
};

/** Lots that were not loaded one by one, summed by what decides their use. Received by `asOf`, all of them. */
export type StockRest = {
  readonly sku: string;
  readonly location: string;
  readonly status: LotStatus;
  readonly expiresOn: LocalDate | null;
  readonly openQuantity: Decimal;
  readonly allocatedQuantity: Decimal;
};

/** One row per SKU; every writer of the SKU moves its version. Pool = what is not allocated, over all lots. */
export type Position = {
  readonly sku: string;
  readonly version: number;
  readonly poolQuantity: Decimal;
  readonly poolValue: Money;
};

/** An active soft hold: at the server's clock `expiresAt > now`. */
export type Reservation = {
  readonly id: string;
  readonly sku: string;
  /** Null: may be served from any location. */
  readonly location: string | null;
  readonly quantity: Decimal;
};

/** What a run may draw on: one snapshot of the SKUs that its lines name. */
export type Stock = {
  readonly positions: readonly Position[];
  readonly lots: readonly Lot[];
  readonly rest: readonly StockRest[];
  readonly reservations: readonly Reservation[];
};
