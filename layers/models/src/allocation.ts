import type { Change, NewResult } from './change.ts';
import type { Decimal } from './decimal.ts';
import type { Instant, LocalDate } from './instant.ts';
import type { Currency, Money } from './money.ts';
import type { OrderDemand, Pick } from './order.ts';
import type { Stock } from './stock.ts';
import type { Strategy } from './strategy.ts';

/** Why a line is short, in the order of attribution (product.md 6, Shortages). */
export const shortageReasons = [
  'POLICY_COMPLETE_ONLY',
  'LOT_ON_HOLD',
  'LOT_EXPIRED',
  'LOT_SHORT',
  'ON_HOLD',
  'EXPIRED',
  'SHELF_LIFE',
  'LOCATION_EXCLUDED',
  'RESERVED',
  'ALLOCATED_TO_OTHERS',
  'NO_STOCK',
] as const;
export type ShortageReason = (typeof shortageReasons)[number];

/** What a request may narrow or name beside the strategy. */
export type AllocationOptions = {
  /** Allowed locations; null allows all. */
  readonly locations: readonly string[] | null;
  /** For LOCATION_PRIORITY: the first is drawn first, unlisted ones last. */
  readonly locationPriority: readonly string[];
  /** For SPECIFIC, instead of the picks of the lines: order id → line number → picks. */
  readonly picks: ReadonlyMap<string, ReadonlyMap<number, readonly Pick[]>> | null;
  /** For PRO_RATA: order id → weight in millionths; an order without one weighs its open quantity. */
  readonly weights: ReadonlyMap<string, Decimal>;
  /** For PRO_RATA, in millionths. */
  readonly quantityStep: Decimal;
  readonly explain: boolean;
};

export type AllocationInput = {
  readonly strategy: Strategy;
  readonly options: AllocationOptions;
  readonly asOf: Instant;
  /** The date of `asOf` in the stack's time zone: decides what has expired. */
  readonly today: LocalDate;
  /** When the movements count: `asOf`, or the first instant of the first open month if that is later. */
  readonly effectiveAt: Instant;
  readonly currency: Currency;
  readonly orders: readonly OrderDemand[];
  readonly stock: Stock;
  /** UUIDv7, ascending. */
  readonly newId: () => string;
};

export type Shortage = {
  readonly orderId: string;
  readonly lineNumber: number;
  readonly requested: Decimal;
  readonly allocated: Decimal;
  readonly short: Decimal;
  readonly reasons: readonly { readonly code: ShortageReason; readonly quantity: Decimal }[];
};

export type Candidate = {
  readonly rank: number;
  readonly inventoryId: string;
  /** Open units of the lot at the line's turn. */
  readonly available: Decimal;
  readonly taken: Decimal;
  /** Null where something was taken. */
  readonly skipped: ShortageReason | 'NOT_NEEDED' | 'NOT_YET_RECEIVED' | null;
};

export type Explanation = {
  readonly orderId: string;
  readonly lineNumber: number;
  readonly candidates: readonly Candidate[];
};

export type Totals = {
  readonly requested: Decimal;
  readonly allocated: Decimal;
  readonly short: Decimal;
  readonly costAmount: Money;
};

/** The answer and the change to write: what a commit stores and a dry run only shows. */
export type Allocation = {
  /** In the order in which they were decided. */
  readonly results: readonly NewResult[];
  /** In the order in which the lines were served. */
  readonly shortages: readonly Shortage[];
  /** Empty unless `options.explain`. */
  readonly explanation: readonly Explanation[];
  readonly totals: Totals;
  readonly change: Change;
};
