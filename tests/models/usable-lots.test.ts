import { expect, test } from 'vitest';
import { hold, lot, order, run, served, short } from './given.ts';

test.each([
  ['received after asOf', { receivedAt: '01-21' }, 'short 5: NO_STOCK 5'],
  ['on hold', { status: 'ON_HOLD' }, 'short 5: ON_HOLD 5'],
  ['expired the day before', { expiresOn: '01-19' }, 'short 5: EXPIRED 5'],
  ['at a location that is not allowed', { location: 'W2' }, 'short 5: LOCATION_EXCLUDED 5'],
  ['too short-lived for the line', { expiresOn: '01-29' }, 'short 5: SHELF_LIFE 5'],
  ['allocated to others', { allocated: 10 }, 'short 5: ALLOCATED_TO_OTHERS 5'],
] as const)('a lot that is %s serves nobody', (_, given, reason) => {
  const orders = [order('O1', [{ wants: 5, minShelfLifeDays: 10 }])];

  const allocation = run({ lots: [lot('L1', given)], orders, locations: ['W1'] });

  expect(served(allocation)).toEqual({});
  expect(short(allocation)).toEqual({ 'O1/1': reason });
});

test.each([
  ['received at the very instant of asOf', { receivedAt: '01-20' }, 0],
  ['on its last good day', { expiresOn: '01-20' }, 0],
  ['with just the life that the line asks for', { expiresOn: '01-30' }, 10],
  ['without an expiry, whatever life the line asks for', {}, 3_650],
] as const)('a lot %s is usable', (_, given, minShelfLifeDays) => {
  const allocation = run({ lots: [lot('L1', given)], orders: [order('O1', [{ wants: 5, minShelfLifeDays }])] });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 5 = 50.00' });
});

test('each open unit is counted once, under the first reason that applies', () => {
  const lots = [
    lot('L1', { quantity: 1, status: 'ON_HOLD', expiresOn: '01-01', location: 'W2' }),
    lot('L2', { quantity: 2, expiresOn: '01-01', location: 'W2' }),
    lot('L3', { quantity: 3, expiresOn: '01-25', location: 'W2' }),
    lot('L4', { quantity: 4, location: 'W2' }),
    lot('L5', { quantity: 5 }),
    lot('L6', { quantity: 6, allocated: 6 }),
  ];
  const orders = [order('O1', [{ wants: 100, minShelfLifeDays: 10 }])];

  const allocation = run({ lots, orders, locations: ['W1'], reservations: [hold('H1', 10)] });

  expect(served(allocation)).toEqual({ 'O1/1': 'L5 2 = 20.00' });
  expect(short(allocation)).toEqual({
    'O1/1':
      'short 98: ON_HOLD 1, EXPIRED 2, SHELF_LIFE 3, LOCATION_EXCLUDED 4, RESERVED 3, ALLOCATED_TO_OTHERS 6, NO_STOCK 79',
  });
});

test('what the line itself holds, or is shipped, is not allocated to others', () => {
  const lots = [lot('L1', { quantity: 6, allocated: 6 })];
  const holdings = [{ inventoryId: 'L1', allocatedQuantity: 4_000_000n, shippedQuantity: 3_000_000n }];

  const allocation = run({ lots, orders: [order('O1', [{ wants: 9, holdings }])] });

  expect(short(allocation)).toEqual({ 'O1/1': 'short 9: ALLOCATED_TO_OTHERS 2, NO_STOCK 7' });
});

test('two lines may name the same unit', () => {
  const allocation = run({ lots: [lot('L1', { status: 'ON_HOLD' })], orders: [order('O1', 8), order('O2', 8)] });

  expect(short(allocation)).toEqual({ 'O1/1': 'short 8: ON_HOLD 8', 'O2/1': 'short 8: ON_HOLD 8' });
});

test('the example of product.md 6: O1 takes L1 10 and L2 2, O2 L2 3 and is short 7', () => {
  const lots = [
    lot('L1', { unitCost: 12 }),
    lot('L2', { unitCost: 10, quantity: 5, location: 'W2', receivedAt: '01-02' }),
  ];

  const allocation = run({ lots, orders: [order('O1', 12), order('O2', 10)], allocationMethod: 'FIFO' });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 10 + L2 2 = 140.00', 'O2/1': 'L2 3 = 30.00' });
  expect(short(allocation)).toEqual({ 'O2/1': 'short 7: ALLOCATED_TO_OTHERS 7' });
});
