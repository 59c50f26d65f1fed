import type { Explanation, Shortage, Totals } from './allocation.ts';
import type { Costing, MovementKind, ResultStatus } from './change.ts';
import type { Decimal } from './decimal.ts';
import type { ErrorCode } from './errors.ts';
import type { Instant, LocalDate } from './instant.ts';
import type { Money } from './money.ts';
import type { Pick } from './order.ts';
import type { LotStatus } from './stock.ts';
import type { Strategy } from './strategy.ts';

// What is stored and answered (product.md 3), between the database and the contracts. Quantities and unit costs are
// millionths, amounts minor units; what can be computed (status, backorderQuantity, fillRate …) is not a member.

export type Order = {
  readonly id: string;
  /** The caller's own, unique. */
  readonly orderNumber: string;
  readonly customerId: string | null;
  /** 1 is the most important, 9 the least. */
  readonly priority: number;
  readonly orderedAt: Instant;
  readonly requestedShipDate: LocalDate | null;
  /** By lineNumber. */
  readonly lines: readonly OrderLine[];
  /** Moves only with what the caller may change. */
  readonly version: number;
  readonly createdAt: Instant;
};

export type OrderLine = {
  readonly id: string;
  readonly lineNumber: number;
  readonly sku: string;
  /** As ordered. */
  readonly quantity: Decimal;
  readonly minShelfLifeDays: number | null;
  readonly picks: readonly Pick[] | null;
  readonly reservationId: string | null;
  /** Without what is shipped. */
  readonly allocatedQuantity: Decimal;
  readonly shippedQuantity: Decimal;
  readonly cancelledQuantity: Decimal;
};

/** A lot, whole. */
export type Inventory = {
  readonly id: string;
  /** Made by the database, ascending in the order of receipt. */
  readonly lotSequence: number;
  /** The caller's own, unique. */
  readonly receiptNumber: string | null;
  readonly sku: string;
  readonly lotNumber: string | null;
  readonly location: string;
  /** As received. */
  readonly quantity: Decimal;
  /** As received; of a lot given by totalCost: totalCost ÷ quantity. */
  readonly unitCost: Decimal;
  /** As given, or null where the lot came with a unitCost. */
  readonly totalCost: Money | null;
  readonly receivedAt: Instant;
  /** The last good day, inclusive. */
  readonly expiresOn: LocalDate | null;
  readonly status: LotStatus;
  /** Physically here. */
  readonly remainingQuantity: Decimal;
  readonly allocatedQuantity: Decimal;
  /** Value of what is not allocated. */
  readonly openValue: Money;
  /** The result that a return reverses. */
  readonly returnOf: string | null;
  /** Moves only with what the caller may change. */
  readonly version: number;
};

export const runStatuses = ['PENDING', 'RUNNING', 'COMMITTED', 'FAILED'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** A run as a list shows it. */
export type AllocationRunSummary = {
  readonly id: string;
  readonly strategy: Strategy;
  readonly asOf: Instant;
  readonly status: RunStatus;
  readonly totals: Totals;
  /** How far a large run is; 0 of 0 for one that was answered at once. */
  readonly slicesApplied: number;
  readonly slicesTotal: number;
  /** Why a large run has FAILED. */
  readonly failure: { readonly code: ErrorCode; readonly detail: string } | null;
  readonly createdAt: Instant;
  /** `sub` of the token. */
  readonly createdBy: string;
};

export type AllocationRun = AllocationRunSummary & {
  readonly shortages: readonly Shortage[];
  /** Null unless the run was asked to explain. */
  readonly explanation: readonly Explanation[] | null;
};

export type AllocationResult = {
  readonly id: string;
  readonly runId: string;
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
  readonly status: ResultStatus;
  readonly createdAt: Instant;
  readonly shippedAt: Instant | null;
  readonly releasedAt: Instant | null;
};

export type Movement = {
  readonly entryNumber: number;
  readonly kind: MovementKind;
  readonly sku: string;
  readonly inventoryId: string | null;
  readonly quantityDelta: Decimal;
  readonly valueDelta: Money;
  readonly reference: string | null;
  readonly actor: string;
  /** When it was written. */
  readonly at: Instant;
  /** The time it counts for. */
  readonly effectiveAt: Instant;
};

/** What a SKU has, and what a new reservation could get (product.md 6, Availability). */
export type Availability = {
  readonly sku: string;
  readonly onHand: Decimal;
  readonly allocated: Decimal;
  readonly reserved: Decimal;
  readonly onHold: Decimal;
  readonly expired: Decimal;
  readonly available: Decimal;
};

export const countedEntities = ['ORDER', 'ORDER_LINE', 'INVENTORY', 'POSITION', 'ALLOCATION_RESULT'] as const;

/** A counter that does not agree with the ledger. */
export type Difference = {
  readonly entity: (typeof countedEntities)[number];
  /** The id of the row; of a position its SKU. */
  readonly id: string;
  /** The member that differs, `remainingQuantity` … */
  readonly counter: string;
  readonly unit: 'QUANTITY' | 'MONEY';
  readonly stored: bigint;
  /** As recomputed from the ledger. */
  readonly expected: bigint;
};
