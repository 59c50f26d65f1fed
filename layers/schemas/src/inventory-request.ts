import { type Currency, lotStatuses, minorUnits, receiptValue } from '@inventory/models';
import * as z from 'zod';
import type { CodedError, Rules } from './contract.ts';
import { cost, quantity, readDecimal } from './decimal.ts';
import { numberSource } from './json-number.ts';
import { notInTheFuture } from './not-in-the-future.ts';
import { list, optional, withDefault } from './presence.ts';
import { itemsOf, memberRule } from './rules.ts';
import { Wrong } from './scalar.ts';
import { oneOf, text } from './text.ts';
import { date, instant } from './time.ts';

export const LOTS_OF_A_REQUEST = 1_000;

/** In minor units; beyond it sums might leave the range of the database. */
export const GREATEST_LOT_VALUE = 10n ** 15n;

export const InventoryRequest = z
  .strictObject({
    sku: text('What was received.', 'COFFEE-1KG'),
    location: text('Where it lies.', 'W1'),
    quantity: quantity('How much was received.', '10'),
    unitCost: optional(cost('Cost of one unit. Exactly one of unitCost and totalCost is given.')),
    totalCost: optional(cost("Cost of the whole lot, with at most the currency's digits.", '120.00')),
    receivedAt: optional(instant('Not in the future; now where it is left out.')),
    receiptNumber: optional(text("The caller's own number; exists once.", 'GR-2001')),
    lotNumber: optional(text("The maker's lot.", 'L-2026-01')),
    expiresOn: optional(date('The last good day, inclusive.')),
    status: withDefault(oneOf(lotStatuses, 'A lot on hold serves no one.'), 'AVAILABLE'),
  })
  .check(memberRule(oneCost));
export type InventoryRequest = z.output<typeof InventoryRequest>;

/** One lot or an array of them: the answer has the same form. */
export const InventoryRequests = z.union([InventoryRequest, list(InventoryRequest, { max: LOTS_OF_A_REQUEST })]);

/** What the schema cannot see in one lot or an array of them: the clock, and what depends on the currency. */
export const inventoryRules: Rules = (body, { now, currency }) =>
  itemsOf(body).flatMap(([root, lot]) => [
    ...notInTheFuture(lot.receivedAt, `${root}/receivedAt`, now),
    ...amountErrors(lot, root, currency),
  ]);

function oneCost(lot: Readonly<Record<string, unknown>>, report: (path: readonly string[], detail: string) => void) {
  const given = ['unitCost', 'totalCost'].filter((member) => (lot[member] ?? null) !== null);
  if (given.length === 0) report(['unitCost'], 'is required unless totalCost is given');
  if (given.length === 2) report(['totalCost'], 'must not be given beside unitCost');
}

function amountErrors(lot: Readonly<Record<string, unknown>>, root: string, currency: Currency): CodedError[] {
  const totalCost = readDecimal(lot.totalCost);
  if (!(totalCost instanceof Wrong)) {
    const digits = (numberSource(lot.totalCost) ?? String(lot.totalCost)).split('.')[1]?.length ?? 0;
    if (digits > currency.digits) {
      return [{ pointer: `${root}/totalCost`, detail: `must have at most ${currency.digits} digits after the point` }];
    }
    return minorUnits(totalCost, currency) > GREATEST_LOT_VALUE ? [worthTooMuch(`${root}/totalCost`)] : [];
  }
  const unitCost = readDecimal(lot.unitCost);
  const received = readDecimal(lot.quantity);
  if (unitCost instanceof Wrong || received instanceof Wrong || unitCost < 0n || received < 0n) return [];
  return receiptValue(received, unitCost, currency) > GREATEST_LOT_VALUE ? [worthTooMuch(`${root}/unitCost`)] : [];
}

const worthTooMuch = (pointer: string): CodedError => ({
  pointer,
  detail: 'makes the lot worth more than 10^15 minor units',
});
