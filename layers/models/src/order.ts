import type { Decimal } from './decimal.ts';
import type { Instant, LocalDate } from './instant.ts';

/** Computed, never set (product.md 3): the state of an order line, and by its totals of an order. */
export const orderStatuses = [
  'OPEN',
  'PARTIALLY_ALLOCATED',
  'ALLOCATED',
  'PARTIALLY_SHIPPED',
  'SHIPPED',
  'CANCELLED',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** A lot that a line names for SPECIFIC. */
export type Pick = {
  readonly inventoryId: string;
  readonly quantity: Decimal;
  /** Where the caller's body says so, for refusals: `/picks/3`; `/picks` when absent. */
  readonly pointer?: string;
};

/** What a line of the run still wants, and what it has. */
export type LineDemand = {
  readonly id: string;
  readonly lineNumber: number;
  readonly sku: string;
  /** Ordered, less what was cancelled: the bound of `picks`. */
  readonly quantity: Decimal;
  /** quantity − allocated − shipped: what is wanted now. */
  readonly openQuantity: Decimal;
  readonly minShelfLifeDays: number | null;
  readonly picks: readonly Pick[] | null;
  readonly reservationId: string | null;
  /** What the line already has, per lot: allocated (not shipped), and shipped. Empty unless it has something. */
  readonly holdings: readonly Holding[];
};

export type Holding = {
  readonly inventoryId: string;
  readonly allocatedQuantity: Decimal;
  readonly shippedQuantity: Decimal;
};

/** An order as a run sees it: its place in the sequence and the lines that are open. */
export type OrderDemand = {
  readonly id: string;
  readonly orderNumber: string;
  /** 1 is the most important, 9 the least. */
  readonly priority: number;
  readonly orderedAt: Instant;
  readonly requestedShipDate: LocalDate | null;
  /** Moves with every change of the order; the caller's `version` does not. */
  readonly revision: number;
  /** Open lines only, by lineNumber. */
  readonly lines: readonly LineDemand[];
};

/** What was ordered of a line, and what became of it, in millionths. */
export type LineQuantities = {
  readonly quantity: Decimal;
  readonly cancelledQuantity: Decimal;
  readonly allocatedQuantity: Decimal;
  readonly shippedQuantity: Decimal;
};

/** The totals of an order: each quantity summed over its lines. */
export function orderTotals(lines: readonly LineQuantities[]): LineQuantities {
  const totals = { quantity: 0n, cancelledQuantity: 0n, allocatedQuantity: 0n, shippedQuantity: 0n };
  for (const line of lines) {
    totals.quantity += line.quantity;
    totals.cancelledQuantity += line.cancelledQuantity;
    totals.allocatedQuantity += line.allocatedQuantity;
    totals.shippedQuantity += line.shippedQuantity;
  }
  return totals;
}

/** What is still to be allocated: quantity − cancelled − allocated − shipped (product.md 3). */
export const backorderQuantity = (of: LineQuantities): Decimal =>
  of.quantity - of.cancelledQuantity - of.allocatedQuantity - of.shippedQuantity;

/** The status rule of product.md 3, for a line or for the totals of an order. */
export function orderStatus(of: LineQuantities): OrderStatus {
  const wanted = of.quantity - of.cancelledQuantity;
  if (wanted === 0n) return 'CANCELLED';
  if (of.shippedQuantity === wanted) return 'SHIPPED';
  if (of.shippedQuantity > 0n) return 'PARTIALLY_SHIPPED';
  if (of.allocatedQuantity === wanted) return 'ALLOCATED';
  return of.allocatedQuantity > 0n ? 'PARTIALLY_ALLOCATED' : 'OPEN';
}
