import { type Decimal, divideHalfUp, formatFixed, ONE, parseDecimal } from './decimal.ts';

/** An amount in the currency's minor units: 140.00 USD is `14000n`. */
export type Money = bigint;

/** One currency per stack; `digits` is 2 for USD and EUR, 0 for JPY. */
export type Currency = { readonly code: string; readonly digits: number };

/** Reads `"140.00"` into minor units. Throws a RangeError where the text has more digits than the currency. */
export const parseMoney = (text: string, currency: Currency): Money => parseDecimal(text, currency.digits);

/** Writes minor units as a decimal string: `14000n` is `"140.00"` in USD, `"14000"` in JPY. */
export const formatMoney = (amount: Money, currency: Currency): string => formatFixed(amount, currency.digits);

/**
 * An amount read as millionths of the major unit, in minor units: 140.00 USD is `140_000_000n` and `14000n`.
 * Throws a RangeError where it has more digits than the currency.
 */
export function minorUnits(amount: Decimal, currency: Currency): Money {
  const perMinorUnit = ONE / 10n ** BigInt(currency.digits);
  if (amount % perMinorUnit !== 0n) throw new RangeError(`Not an amount of ${currency.digits} digits: ${amount}`);
  return amount / perMinorUnit;
}

/** The value at which a lot given by unit cost enters, in minor units (product.md R1). */
export function receiptValue(quantity: Decimal, unitCost: Decimal, currency: Currency): Money {
  return divideHalfUp(quantity * unitCost * 10n ** BigInt(currency.digits), ONE * ONE);
}

/** amount ÷ quantity in millionths of the major unit, half up: `unitCost` of a result and of a lot given by totalCost. */
export function unitCostOf(amount: Money, quantity: Decimal, currency: Currency): Decimal {
  return divideHalfUp(amount * ONE * ONE, quantity * 10n ** BigInt(currency.digits));
}

/** What a cost is drawn from: `quantity` units that are worth `value` (product.md R1). */
export type Pot = { readonly quantity: Decimal; readonly value: Money };

/** The cost of drawing `quantity` from the pot, half up; the last draw takes all that is left (product.md R1). */
export function draw(pot: Pot, quantity: Decimal): Money {
  return quantity === 0n ? 0n : divideHalfUp(pot.value * quantity, pot.quantity);
}
