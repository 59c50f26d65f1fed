import type { Allocation } from '@inventory/models';
import { expect, test } from 'vitest';
import { decimal, hold, lot, order, pick, run } from './given.ts';

const explained = ({ explanation }: Allocation) =>
  explanation.map(({ orderId, lineNumber, candidates }) => [
    `${orderId}/${lineNumber}`,
    ...candidates.map(
      ({ rank, inventoryId, available, taken, skipped }) =>
        `${rank} ${inventoryId} ${decimal(available)} ${skipped ?? `took ${decimal(taken)}`}`,
    ),
  ]);

const everyKind = [
  lot('L1', { receivedAt: '01-21' }),
  lot('L2', { status: 'ON_HOLD' }),
  lot('L3', { expiresOn: '01-19' }),
  lot('L4', { expiresOn: '01-22' }),
  lot('L5', { location: 'W9' }),
  lot('L6', { quantity: 2 }),
  lot('L7', { quantity: 5 }),
  lot('L8'),
  lot('L9', { allocated: 10 }),
  lot('L10', { quantity: 0 }),
];

test('names every lot of the SKU, usable ones first, with what was taken or why it was skipped', () => {
  const orders = [order('O1', [{ wants: 4, minShelfLifeDays: 10 }])];

  const allocation = run({ lots: everyKind, orders, locations: ['W1'], explain: true });

  expect(explained(allocation)).toEqual([
    [
      'O1/1',
      '1 L6 2 took 2',
      '2 L7 5 took 2',
      '3 L8 10 NOT_NEEDED',
      '4 L2 10 ON_HOLD',
      '5 L3 10 EXPIRED',
      '6 L4 10 SHELF_LIFE',
      '7 L5 10 LOCATION_EXCLUDED',
      '8 L9 0 ALLOCATED_TO_OTHERS',
      '9 L10 0 NO_STOCK',
      '10 L1 10 NOT_YET_RECEIVED',
    ],
  ]);
});

test('shows what is open at the turn of the line', () => {
  const allocation = run({ lots: [lot('L1'), lot('L2')], orders: [order('O1', 10), order('O2', 4)], explain: true });

  expect(explained(allocation)).toEqual([
    ['O1/1', '1 L1 10 took 10', '2 L2 10 NOT_NEEDED'],
    ['O2/1', '1 L2 10 took 4', '2 L1 0 ALLOCATED_TO_OTHERS'],
  ]);
});

test('says RESERVED of a lot that is passed over for the sake of others', () => {
  const lots = [lot('L1'), lot('L2', { location: 'W2' })];
  const reservations = [hold('H1', 10, { location: 'W1' })];

  const allocation = run({ lots, orders: [order('O1', 4)], reservations, explain: true });

  expect(explained(allocation)).toEqual([['O1/1', '1 L1 10 RESERVED', '2 L2 10 took 4']]);
});

test('says POLICY_COMPLETE_ONLY of what a blocked line or order would have taken', () => {
  const orders = [order('O1', [{ wants: 3 }, { wants: 9 }])];

  const whole = run({ lots: [lot('L1')], orders, fulfilment: 'ORDER_COMPLETE', explain: true });
  const line = run({ lots: [lot('L1')], orders, fulfilment: 'LINE_COMPLETE', explain: true });

  expect(explained(whole)).toEqual([
    ['O1/1', '1 L1 10 POLICY_COMPLETE_ONLY'],
    ['O1/2', '1 L1 7 POLICY_COMPLETE_ONLY'],
  ]);
  expect(explained(line)).toEqual([
    ['O1/1', '1 L1 10 took 3'],
    ['O1/2', '1 L1 7 POLICY_COMPLETE_ONLY'],
  ]);
});

test('SPECIFIC ranks the named lots in the given order', () => {
  const lots = [lot('L1'), lot('L2'), lot('L3', { status: 'ON_HOLD' }), lot('L4', { expiresOn: '01-01' }), lot('L5')];
  const picks = [pick('L3', 1), pick('L2', 20), pick('L4', 1), pick('L5', 1)];

  const allocation = run({ lots, orders: [order('O1', [{ wants: 40, picks }])], pick: 'SPECIFIC', explain: true });

  expect(explained(allocation)).toEqual([
    [
      'O1/1',
      ...['1 L2 10 took 10', '2 L5 10 took 1', '3 L1 10 NOT_NEEDED', '4 L3 10 LOT_ON_HOLD', '5 L4 10 LOT_EXPIRED'],
    ],
  ]);
});

test('FEWEST_LOTS ranks what it took first', () => {
  const lots = [lot('L1', { quantity: 2 }), lot('L2', { quantity: 5 }), lot('L3', { quantity: 9 })];

  const allocation = run({ lots, orders: [order('O1', 11)], pick: 'FEWEST_LOTS', explain: true });

  expect(explained(allocation)).toEqual([['O1/1', '1 L3 9 took 9', '2 L1 2 took 2', '3 L2 5 NOT_NEEDED']]);
});

test('is empty unless asked for', () => {
  expect(run({ lots: everyKind, orders: [order('O1', 4)] }).explanation).toEqual([]);
});
