import type { AllocationInput } from './allocation.ts';
import type { NewResult } from './change.ts';
import type { Decimal } from './decimal.ts';
import { daysBetween, type LocalDate } from './instant.ts';

/** Days within which what stays counts as waste (product.md 6, Answers). */
const WASTE_DAYS = 30;

/** How many lots the results draw on. */
export const lotsUsed = (results: readonly NewResult[]): number =>
  new Set(results.map((result) => result.inventoryId)).size;

/**
 * The units, in millionths, that stay in usable lots which expire within 30 days of the date of `asOf`: received by then,
 * available, not expired, at an allowed location (product.md 6, Answers).
 */
export function expiryWaste(
  { stock, asOf, today, options }: Pick<AllocationInput, 'stock' | 'asOf' | 'today' | 'options'>,
  results: readonly NewResult[],
): Decimal {
  const expiring = (of: { status: string; location: string; expiresOn: LocalDate | null }) =>
    of.status === 'AVAILABLE' && isAllowed(of.location, options.locations) && expiresSoon(of.expiresOn, today);
  const counted = new Set<string>();
  let waste = 0n;
  for (const lot of stock.lots) {
    if (lot.receivedAt > asOf || !expiring(lot)) continue;
    counted.add(lot.id);
    waste += lot.remainingQuantity - lot.allocatedQuantity;
  }
  for (const row of stock.rest) if (expiring(row)) waste += row.openQuantity;
  for (const { inventoryId, quantity } of results) if (counted.has(inventoryId)) waste -= quantity;
  return waste;
}

const isAllowed = (location: string, locations: readonly string[] | null) =>
  locations === null || locations.includes(location);

const expiresSoon = (expiresOn: LocalDate | null, today: LocalDate) =>
  expiresOn !== null && expiresOn >= today && daysBetween(today, expiresOn) <= WASTE_DAYS;
