import type { AllocationOptions } from '../allocation.ts';
import { formatDecimal } from '../decimal.ts';
import { DomainError, type ErrorCode, type FieldError } from '../errors.ts';
import type { LineDemand, OrderDemand, Pick } from '../order.ts';
import type { Lot } from '../stock.ts';

/** What a line names: the request's picks instead of its own, wherever the request has any (product.md 6, AllocationRequest). */
export function picksOf(options: AllocationOptions, order: OrderDemand, line: LineDemand): readonly Pick[] {
  if (options.picks !== null) return options.picks.get(order.id)?.get(line.lineNumber) ?? [];
  return line.picks ?? [];
}

/** What each pick is still worth: its quantity less what the line already has from that lot (product.md 5, SPECIFIC). */
export function worthOf(line: LineDemand, picks: readonly Pick[]): readonly Pick[] {
  if (line.holdings.length === 0) return picks;
  return picks.map((pick) => {
    let quantity = pick.quantity;
    for (const held of line.holdings) {
      if (held.inventoryId === pick.inventoryId) quantity -= held.allocatedQuantity + held.shippedQuantity;
    }
    return { ...pick, quantity: quantity > 0n ? quantity : 0n };
  });
}

/**
 * Refuses picks that can never be taken (product.md 5, SPECIFIC): an order that is not in the run, a lot that is unknown
 * or named twice by a line (VALIDATION_FAILED), a lot of another SKU (PICK_SKU_MISMATCH), more than the line
 * (PICKS_EXCEED_LINE). All wrong picks are in `errors`, the code is that of the gravest.
 */
export function checkPicks(options: AllocationOptions, orders: readonly OrderDemand[], lots: readonly Lot[]): void {
  const skus = new Map(lots.map((lot) => [lot.id, lot.sku]));
  const known = new Set(orders.map((order) => order.id));
  const faults: Fault[] = [];
  for (const [orderId, lines] of options.picks ?? []) {
    if (known.has(orderId)) continue;
    for (const pick of [...lines.values()].flat()) {
      faults.push(fault('VALIDATION_FAILED', pick, `Order ${orderId} is not in this run`));
    }
  }
  for (const order of orders) {
    for (const line of order.lines) faults.push(...faultsOf(line, picksOf(options, order, line), skus));
  }
  if (faults.length === 0) return;
  const code = gravity.find((each) => faults.some((one) => one.code === each))!;
  throw new DomainError(code, faults.find((one) => one.code === code)!.detail, {
    errors: faults.map(({ pointer, detail }) => ({ pointer, detail })),
  });
}

/** Refusals of the picks of one line, given the SKU of each known lot; none when all is well. */
export function faultsOf(
  line: { readonly sku: string; readonly quantity: bigint },
  picks: readonly Pick[],
  skus: ReadonlyMap<string, string>,
): readonly Fault[] {
  const faults: Fault[] = [];
  const named = new Set<string>();
  let sum = 0n;
  for (const pick of picks) {
    const sku = skus.get(pick.inventoryId);
    if (named.has(pick.inventoryId)) {
      faults.push(fault('VALIDATION_FAILED', pick, `Lot ${pick.inventoryId} is named twice by one line`));
    } else if (sku === undefined) {
      faults.push(fault('VALIDATION_FAILED', pick, `There is no lot ${pick.inventoryId}`));
    } else if (sku !== line.sku) {
      faults.push(fault('PICK_SKU_MISMATCH', pick, `Lot ${pick.inventoryId} is of ${sku}, the line of ${line.sku}`));
    }
    named.add(pick.inventoryId);
    sum += pick.quantity;
    if (sum > line.quantity && sum - pick.quantity <= line.quantity) {
      const detail = `The picks sum to more than the ${formatDecimal(line.quantity)} of the line`;
      faults.push(fault('PICKS_EXCEED_LINE', pick, detail));
    }
  }
  return faults;
}

export type Fault = FieldError & { readonly code: ErrorCode };

const gravity: readonly ErrorCode[] = ['VALIDATION_FAILED', 'PICK_SKU_MISMATCH', 'PICKS_EXCEED_LINE'];

const fault = (code: ErrorCode, pick: Pick, detail: string): Fault => ({
  code,
  pointer: pick.pointer ?? '/picks',
  detail,
});
