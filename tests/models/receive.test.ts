import { type Delivery, receive } from '@inventory/models';
import { expect, test } from 'vitest';
import { at, refusal, USD } from './given.ts';

const delivery: Delivery = {
  inventoryId: 'L1',
  sku: 'A',
  quantity: 3_000_000n,
  unitCost: 33_335_000n,
  totalCost: null,
  receivedAt: at('01-05'),
  receiptNumber: 'GR-1',
  pointer: '/4',
};
const context = { currency: USD, now: at('01-20'), firstOpenAt: null };

test('a lot given by unitCost enters at quantity × unitCost, half up', () => {
  expect(receive(delivery, context)).toEqual({
    lotUnitCost: 33_335_000n,
    openValue: 10_001n,
    movement: {
      ...{ kind: 'RECEIPT', sku: 'A', inventoryId: 'L1', quantityDelta: 3_000_000n, valueDelta: 10_001n },
      ...{ reference: 'GR-1', effectiveAt: at('01-05') },
    },
  });
});

test('a lot given by totalCost enters at it, and its unit cost has six decimals, half up', () => {
  const { lotUnitCost, openValue } = receive({ ...delivery, unitCost: null, totalCost: 20_000n }, context);

  expect([lotUnitCost, openValue]).toEqual([66_666_667n, 20_000n]);
});

test('a receipt that is back-dated into a closed month counts from the first open one on', () => {
  const { movement } = receive(delivery, { ...context, firstOpenAt: at('01-10') });

  expect(movement.effectiveAt).toBe(at('01-10'));
});

test('in yen there are no minor units', () => {
  const { openValue } = receive(
    { ...delivery, unitCost: 33_500_000n },
    { ...context, currency: { code: 'JPY', digits: 0 } },
  );

  expect(openValue).toBe(101n);
});

test('10^15 minor units are the most that a lot may be worth', () => {
  const most = { ...delivery, quantity: 1_000_000_000n, unitCost: null, totalCost: 10n ** 15n };

  expect(receive(most, context).openValue).toBe(10n ** 15n);
  expect(refusal(() => receive({ ...most, totalCost: 10n ** 15n + 1n }, context))).toEqual({
    code: 'VALIDATION_FAILED',
    errors: [{ pointer: '/4/totalCost', detail: 'makes the lot worth more than 10^15 minor units' }],
  });
});

test.each([
  ['worth too much by its unit cost', { quantity: 10n ** 12n, unitCost: 10n ** 14n }, '/4/unitCost'],
  ['with a unit cost of 13 digits', { quantity: 1n, unitCost: null, totalCost: 10n ** 9n }, '/4/totalCost'],
  ['received in the future', { receivedAt: at('01-21') }, '/4/receivedAt'],
] as const)('a lot %s is refused', (_, given, pointer) => {
  const { code, errors } = refusal(() => receive({ ...delivery, ...given }, context));

  expect([code, errors[0]?.pointer]).toEqual(['VALIDATION_FAILED', pointer]);
});
