import { expect, test } from 'vitest';
import { hold, lot, order, run, served, short } from './given.ts';

const older = lot('L1', { quantity: 5, location: 'W1' });
const newer = lot('L2', { quantity: 5, location: 'W2', receivedAt: '01-02' });
const lots = [older, newer];

test('W1 5 (older), W2 5, a hold of 5 in W1: an order of 5 by FIFO takes W2', () => {
  const reservations = [hold('H1', 5, { location: 'W1' })];

  const allocation = run({ lots, orders: [order('O1', 5)], reservations });

  expect(served(allocation)).toEqual({ 'O1/1': 'L2 5 = 50.00' });
});

test('locations [W1], a hold of 3 anywhere: an order of 5 takes all of W1, since W2 covers the hold', () => {
  const allocation = run({ lots, orders: [order('O1', 5)], locations: ['W1'], reservations: [hold('H1', 3)] });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 5 = 50.00' });
});

test('holds of others leave the rest, and explain what is missing', () => {
  const reservations = [hold('H1', 3), hold('H2', 4, { location: 'W2' })];

  const allocation = run({ lots, orders: [order('O1', 8)], reservations });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 3 = 30.00' });
  expect(short(allocation)).toEqual({ 'O1/1': 'short 5: RESERVED 5' });
});

test('held, expired and future lots cover no reservation', () => {
  const covers = [
    lot('L3', { status: 'ON_HOLD' }),
    lot('L4', { expiresOn: '01-19' }),
    lot('L5', { receivedAt: '01-21' }),
  ];

  const allocation = run({ lots: [...lots, ...covers], orders: [order('O1', 10)], reservations: [hold('H1', 4)] });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 5 + L2 1 = 60.00' });
});

test('a reservation of another SKU protects nothing', () => {
  const allocation = run({ lots, orders: [order('O1', 10)], reservations: [hold('H1', 4, { sku: 'B' })] });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 5 + L2 5 = 100.00' });
});

test('the line that names a reservation is not bound by it, all others are', () => {
  const orders = [order('O1', 10), order('O2', [{ wants: 10, reservationId: 'H1' }])];

  const allocation = run({ lots, orders, reservations: [hold('H1', 4)] });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 5 + L2 1 = 60.00', 'O2/1': 'L2 4 = 40.00' });
  expect(allocation.change.reservationsConverted).toEqual(['H1']);
});

test('quantity and location of its own reservation do not limit the line', () => {
  const orders = [order('O1', [{ wants: 10, reservationId: 'H1' }])];

  const allocation = run({ lots, orders, reservations: [hold('H1', 2, { location: 'W2' })] });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 5 + L2 5 = 100.00' });
});

test('whatever the line gets converts its reservation as a whole, which then protects nothing from the lines after it', () => {
  const orders = [order('O1', [{ wants: 1, reservationId: 'H1' }]), order('O2', 10)];

  const allocation = run({ lots, orders, reservations: [hold('H1', 8)] });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 1 = 10.00', 'O2/1': 'L1 4 + L2 5 = 90.00' });
  expect(allocation.change.reservationsConverted).toEqual(['H1']);
});

test('a reservation whose line gets nothing stays', () => {
  const orders = [order('O1', [{ wants: 1, reservationId: 'H1', minShelfLifeDays: 30 }])];
  const shortLived = [lot('L1', { expiresOn: '01-21' })];

  const allocation = run({ lots: shortLived, orders, reservations: [hold('H1', 1)] });

  expect(allocation.change.reservationsConverted).toEqual([]);
});

test('reservations that stock cannot cover any more protect what there is', () => {
  const allocation = run({ lots, orders: [order('O1', 1)], reservations: [hold('H1', 30)] });

  expect(served(allocation)).toEqual({});
  expect(short(allocation)).toEqual({ 'O1/1': 'short 1: RESERVED 1' });
});

test('pro rata: a reservation that a line of the run names is not set aside, one that no line names is', () => {
  const orders = [order('O1', 10), order('O2', [{ wants: 10, reservationId: 'H1' }])];

  const allocation = run({ lots, orders, sequence: 'PRO_RATA', reservations: [hold('H1', 8), hold('H2', 2)] });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 4 = 40.00', 'O2/1': 'L1 1 + L2 3 = 40.00' });
  expect(allocation.change.reservationsConverted).toEqual(['H1']);
});
