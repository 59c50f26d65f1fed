import type { Decimal } from './decimal.ts';
import type { Instant } from './instant.ts';
import type { Money } from './money.ts';

export const resultStatuses = ['ALLOCATED', 'SHIPPED', 'RELEASED'] as const;
export type ResultStatus = (typeof resultStatuses)[number];

export const costings = ['PROVISIONAL', 'FINAL'] as const;
export type Costing = (typeof costings)[number];

export const movementKinds = [
  'RECEIPT',
  'RETURN',
  'ADJUST',
  'TRANSFER',
  'HOLD',
  'UNHOLD',
  'RESERVE',
  'UNRESERVE',
  'ALLOCATE',
  'RELEASE',
  'SHIP',
  'REVALUE',
  'VARIANCE',
] as const;
export type MovementKind = (typeof movementKinds)[number];

/**
 * What a writer decided, as rows to insert and amounts to add: the core makes it, `apply()` of the database layer writes
 * it as it stands, in one statement, or not at all when a revision or version that it relied on has moved.
 * Quantities are millionths, amounts minor units.
 */
export type Change = {
  /** Every order that was looked at, with the revision relied on; the deltas are 0 for one that got nothing. */
  readonly orders: readonly OrderChange[];
  readonly orderLines: readonly QuantityChange[];
  /** Every SKU that was looked at, with the version relied on; `moves` is false for one that got nothing. */
  readonly positions: readonly PositionChange[];
  readonly lots: readonly LotChange[];
  /** New allocations. Each also writes its ALLOCATE movement. */
  readonly results: readonly NewResult[];
  /** Rows that stay, with what is left in them or their new state. */
  readonly resultUpdates: readonly ResultUpdate[];
  /** The part of a row that moved away by a partial ship or release: a copy of row `from` with these values. */
  readonly resultParts: readonly ResultPart[];
  /** Ledger entries beside the ALLOCATE of each new result. */
  readonly movements: readonly NewMovement[];
  /** Reservations that the run converted. */
  readonly reservationsConverted: readonly string[];
};

export type QuantityChange = {
  readonly id: string;
  readonly allocatedDelta: Decimal;
  readonly shippedDelta: Decimal;
  readonly cancelledDelta: Decimal;
};

export type OrderChange = QuantityChange & { readonly revision: number };

export type PositionChange = {
  readonly sku: string;
  readonly version: number;
  readonly moves: boolean;
  readonly poolQuantityDelta: Decimal;
  readonly poolValueDelta: Money;
};

export type LotChange = {
  readonly id: string;
  readonly remainingDelta: Decimal;
  readonly allocatedDelta: Decimal;
  readonly openValueDelta: Money;
};

export type NewResult = {
  readonly id: string;
  readonly orderId: string;
  readonly orderLineId: string;
  readonly lineNumber: number;
  readonly inventoryId: string;
  readonly sku: string;
  readonly location: string;
  readonly quantity: Decimal;
  /** As received. */
  readonly lotUnitCost: Decimal;
  readonly costAmount: Money;
  readonly costing: Costing;
};

export type ResultUpdate = {
  readonly id: string;
  readonly quantity: Decimal;
  readonly costAmount: Money;
  readonly status: ResultStatus;
  readonly shippedAt: Instant | null;
  readonly releasedAt: Instant | null;
};

export type ResultPart = ResultUpdate & { readonly from: string };

export type NewMovement = {
  readonly kind: MovementKind;
  readonly sku: string;
  readonly inventoryId: string | null;
  readonly quantityDelta: Decimal;
  readonly valueDelta: Money;
  readonly reference: string | null;
  readonly effectiveAt: Instant;
};

/** A change that writes nothing: what a new one starts from. */
export const noChange: Change = {
  orders: [],
  orderLines: [],
  positions: [],
  lots: [],
  results: [],
  resultUpdates: [],
  resultParts: [],
  movements: [],
  reservationsConverted: [],
};
