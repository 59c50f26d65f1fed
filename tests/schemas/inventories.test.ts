import { contracts, JsonNumber } from '@inventory/schemas';
import { describe, expect, test } from 'vitest';
import { aLot, anId, now, parsed, refusal } from './given.ts';

const { receiveInventories } = contracts;
const accepted = (body: unknown) => parsed(receiveInventories, { body }).body;
const errorsOf = (body: unknown) => refusal(receiveInventories, { body }).errors;

test('a lot has defaults for what it leaves out', () => {
  expect(accepted(aLot())).toEqual({
    sku: 'A',
    location: 'W1',
    quantity: 10_000_000n,
    unitCost: 12_000_000n,
    totalCost: null,
    receivedAt: null,
    receiptNumber: null,
    lotNumber: null,
    expiresOn: null,
    status: 'AVAILABLE',
  });
});

test('lots are one or an array of up to 1,000', () => {
  expect(accepted([aLot(), aLot()])).toHaveLength(2);
  expect(errorsOf(Array.from({ length: 1_001 }, () => aLot()))).toEqual([': must have at most 1000 items']);
});

describe('the cost', () => {
  test('is exactly one of unitCost and totalCost', () => {
    expect(errorsOf(aLot({ unitCost: null }))).toEqual(['/unitCost: is required unless totalCost is given']);
    expect(errorsOf(aLot({ totalCost: '120' }))).toEqual(['/totalCost: must not be given beside unitCost']);
    expect(accepted(aLot({ unitCost: null, totalCost: '120.00' }))).toMatchObject({ totalCost: 120_000_000n });
  });

  test('is told beside all other wrong fields', () => {
    expect(errorsOf([aLot(), { sku: 'A', quantity: '-1' }])).toEqual([
      '/1/location: is required',
      '/1/quantity: must be above 0',
      '/1/unitCost: is required unless totalCost is given',
    ]);
  });

  test('may be 0 but not less', () => {
    expect(accepted(aLot({ unitCost: '0' }))).toMatchObject({ unitCost: 0n });
    expect(errorsOf(aLot({ unitCost: '-0.01' }))).toEqual(['/unitCost: must not be negative']);
  });

  test.each([
    ['USD', 2, '1.00', '1.000'],
    ['JPY', 0, '1', '1.0'],
    ['KWD', 3, '1.000', '1.0000'],
  ])('in total has at most the digits of %s', (code, digits, good, bad) => {
    const around = { currency: { code, digits } };
    const lot = (totalCost: unknown) => ({ body: aLot({ unitCost: null, totalCost }) });

    expect(parsed(receiveInventories, lot(good), around).body).toBeDefined();
    for (const value of [bad, new JsonNumber(bad)]) {
      expect(refusal(receiveInventories, lot(value), around).errors).toEqual([
        `/totalCost: must have at most ${digits} digits after the point`,
      ]);
    }
  });

  test('makes a lot worth 10^15 minor units at most', () => {
    expect(accepted(aLot({ quantity: '1000000', unitCost: '10000000' }))).toBeDefined();
    expect(errorsOf(aLot({ quantity: '1000000.1', unitCost: '10000000' }))).toEqual([
      '/unitCost: makes the lot worth more than 10^15 minor units',
    ]);
    const yen = { currency: { code: 'JPY', digits: 0 } };
    const most = { body: aLot({ quantity: '100000000', unitCost: '10000000' }) };
    expect(parsed(receiveInventories, most, yen).body).toBeDefined();
  });
});

test('a lot is not received in the future', () => {
  expect(accepted(aLot({ receivedAt: now }))).toMatchObject({ receivedAt: now });
  expect(errorsOf([aLot(), aLot({ receivedAt: '2026-01-31T13:00:01+01:00' })])).toEqual([
    '/1/receivedAt: must not be in the future',
  ]);
});

test('a lot may be expired already, or have no end', () => {
  expect(accepted(aLot({ expiresOn: '2020-01-01' }))).toMatchObject({ expiresOn: '2020-01-01' });
  expect(accepted(aLot({ expiresOn: '9999-12-31' }))).toMatchObject({ expiresOn: '9999-12-31' });
});

test.each(['id', 'remainingQuantity', 'allocatedQuantity', 'openValue', 'lotSequence'])(
  'a lot does not take %s',
  (member) => {
    expect(errorsOf(aLot({ [member]: anId }))).toEqual([`/${member}: is not known here`]);
  },
);

test('the status is one of the names', () => {
  expect(accepted(aLot({ status: 'ON_HOLD' }))).toMatchObject({ status: 'ON_HOLD' });
  expect(errorsOf(aLot({ status: 'on_hold' }))).toEqual(['/status: must be one of AVAILABLE, ON_HOLD']);
});
