import type { NewMovement } from './change.ts';
import { type Decimal, ONE } from './decimal.ts';
import { DomainError } from './errors.ts';
import { effectiveTime, type Instant } from './instant.ts';
import { type Currency, type Money, receiptValue, unitCostOf } from './money.ts';

/** A lot to receive: exactly one of `unitCost` (millionths of the major unit) and `totalCost` (minor units). */
export type Delivery = {
  readonly inventoryId: string;
  readonly sku: string;
  readonly quantity: Decimal;
  readonly unitCost: Decimal | null;
  readonly totalCost: Money | null;
  readonly receivedAt: Instant;
  /** The caller's own number: the reference of the movement. */
  readonly receiptNumber: string | null;
  /** Where the lot stands in the body: empty, or `/3` in an array. */
  readonly pointer: string;
};

/** What a receipt writes beside the given fields of the lot; its position grows by `quantity` and `openValue`. */
export type Receipt = {
  readonly lotUnitCost: Decimal;
  readonly openValue: Money;
  readonly movement: NewMovement;
};

/** The most that one lot may be worth, in minor units (product.md 6, What is accepted). */
export const GREATEST_LOT_VALUE: Money = 10n ** 15n;

/**
 * Values a new lot (product.md R1): at its total cost, or at quantity × unit cost, half up. It counts from `receivedAt`,
 * at the earliest from `firstOpenAt`, the first instant of the first open month (null while none is closed).
 * Throws VALIDATION_FAILED for a lot worth more than 10^15 minor units, a unit cost of over 12 digits, or a future receipt.
 */
export function receive(
  delivery: Delivery,
  { currency, now, firstOpenAt }: { currency: Currency; now: Instant; firstOpenAt: Instant | null },
): Receipt {
  const { quantity, unitCost, totalCost, receivedAt, pointer } = delivery;
  const costPointer = `${pointer}/${totalCost === null ? 'unitCost' : 'totalCost'}`;
  const openValue = totalCost ?? receiptValue(quantity, unitCost ?? 0n, currency);
  const lotUnitCost = unitCost ?? unitCostOf(openValue, quantity, currency);
  if (receivedAt > now) throw refusal(`${pointer}/receivedAt`, 'must not be in the future');
  if (openValue > GREATEST_LOT_VALUE) throw refusal(costPointer, 'makes the lot worth more than 10^15 minor units');
  if (lotUnitCost >= GREATEST_DECIMAL) throw refusal(costPointer, 'makes a unit cost of more than 12 digits');
  return {
    lotUnitCost,
    openValue,
    movement: {
      ...{ kind: 'RECEIPT', sku: delivery.sku, inventoryId: delivery.inventoryId },
      ...{ quantityDelta: quantity, valueDelta: openValue, reference: delivery.receiptNumber },
      effectiveAt: effectiveTime(receivedAt, firstOpenAt),
    },
  };
}

/** DECIMAL(18,6) has 12 digits before the point. */
const GREATEST_DECIMAL: Decimal = 10n ** 12n * ONE;

const refusal = (pointer: string, detail: string) =>
  new DomainError('VALIDATION_FAILED', `${pointer.split('/').at(-1)} ${detail}`, { errors: [{ pointer, detail }] });
