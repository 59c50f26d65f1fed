import { type ResultState, release, type ShipmentContext, ship } from '@inventory/models';
import { expect, test } from 'vitest';
import { after, at, lot, order, refusal, run } from './given.ts';

const row: ResultState = {
  id: 'R1',
  orderLineId: 'O1/1',
  inventoryId: 'L1',
  sku: 'A',
  quantity: 3_000_000n,
  costAmount: 10_000n,
  status: 'ALLOCATED',
  asOf: at('01-20'),
};

const context = (given: Partial<ShipmentContext> = {}): ShipmentContext => ({
  order: { id: 'O1', revision: 7 },
  positionVersion: 3,
  now: at('02-10'),
  firstOpenAt: null,
  newId: () => 'R2',
  lot: { status: 'AVAILABLE', expiresOn: null },
  shippedAt: null,
  timeZone: 'UTC',
  ...given,
});

test('RELEASE puts back exactly the quantity and the amount, to the lot, the pool and the counters', () => {
  const { change, moved, remainder } = release(row, null, context());

  const released = { status: 'RELEASED', shippedAt: null, releasedAt: at('02-10') };
  expect(moved).toEqual({ id: 'R1', quantity: 3_000_000n, costAmount: 10_000n, ...released });
  expect(remainder).toBeNull();
  expect(change).toEqual({
    orders: [{ id: 'O1', revision: 7, allocatedDelta: -3_000_000n, shippedDelta: 0n, cancelledDelta: 0n }],
    orderLines: [{ id: 'O1/1', allocatedDelta: -3_000_000n, shippedDelta: 0n, cancelledDelta: 0n }],
    positions: [{ sku: 'A', version: 3, moves: true, poolQuantityDelta: 3_000_000n, poolValueDelta: 10_000n }],
    lots: [{ id: 'L1', remainingDelta: 0n, allocatedDelta: -3_000_000n, openValueDelta: 10_000n }],
    results: [],
    resultUpdates: [moved],
    resultParts: [],
    movements: [
      {
        ...{ kind: 'RELEASE', sku: 'A', inventoryId: 'L1', quantityDelta: 3_000_000n, valueDelta: 10_000n },
        ...{ reference: 'R1', effectiveAt: at('01-20') },
      },
    ],
    reservationsConverted: [],
  });
});

test('SHIP lowers what is here and allocated, and moves the cost to COGS', () => {
  const { change, moved } = ship(row, null, context({ shippedAt: at('01-25') }));

  expect(moved).toMatchObject({ id: 'R1', status: 'SHIPPED', shippedAt: at('01-25'), releasedAt: null });
  expect(change).toEqual({
    orders: [{ id: 'O1', revision: 7, allocatedDelta: -3_000_000n, shippedDelta: 3_000_000n, cancelledDelta: 0n }],
    orderLines: [{ id: 'O1/1', allocatedDelta: -3_000_000n, shippedDelta: 3_000_000n, cancelledDelta: 0n }],
    positions: [{ sku: 'A', version: 3, moves: true, poolQuantityDelta: 0n, poolValueDelta: 0n }],
    lots: [{ id: 'L1', remainingDelta: -3_000_000n, allocatedDelta: -3_000_000n, openValueDelta: 0n }],
    results: [],
    resultUpdates: [moved],
    resultParts: [],
    movements: [
      {
        ...{ kind: 'SHIP', sku: 'A', inventoryId: 'L1', quantityDelta: -3_000_000n, valueDelta: -10_000n },
        ...{ reference: 'R1', effectiveAt: at('01-25') },
      },
    ],
    reservationsConverted: [],
  });
});

test.each([
  ['release', release, { status: 'RELEASED', shippedAt: null, releasedAt: at('02-10') }],
  ['ship', ship, { status: 'SHIPPED', shippedAt: at('02-10'), releasedAt: null }],
] as const)(
  'a partial %s splits the row by R1: the part that moves gets a new id, the row keeps what stays',
  (_, move, state) => {
    const { change, moved, remainder } = move(row, 1_000_000n, context());

    expect(moved).toEqual({ id: 'R2', quantity: 1_000_000n, costAmount: 3_333n, ...state });
    expect(remainder).toEqual({
      ...{ id: 'R1', quantity: 2_000_000n, costAmount: 6_667n, status: 'ALLOCATED', shippedAt: null, releasedAt: null },
    });
    expect(change.resultUpdates).toEqual([remainder]);
    expect(change.resultParts).toEqual([{ from: 'R1', ...moved }]);
    expect(change.movements[0]).toMatchObject({ reference: 'R2' });
  },
);

test('releasing all of the interleaved O2 returns 10 units and 143.33', () => {
  const lots = [
    lot('L2', { quantity: 10, openValue: 10_000n }),
    lot('L3', { unitCost: 17, quantity: 8, openValue: 15_800n, receivedAt: '01-02' }),
  ];
  const { results, change } = run({ lots, orders: [order('O2', 12)], allocationMethod: 'MOVING_AVERAGE' });

  const releases = results.map((each) => release({ ...each, status: 'ALLOCATED', asOf: at('01-20') }, null, context()));

  const back = after(lots, [change, ...releases.map((each) => each.change)]);
  expect(back.map(({ allocatedQuantity }) => allocatedQuantity)).toEqual([0n, 0n]);
  expect(back.reduce((sum, { openValue }) => sum + openValue, 0n)).toBe(25_800n);
});

test('a release counts when its result counted, a shipment when it was shipped, both from the first open month on', () => {
  const closed = context({ firstOpenAt: at('02-01'), shippedAt: at('02-05') });

  expect(release(row, null, closed).change.movements[0]?.effectiveAt).toBe(at('02-01'));
  expect(ship(row, null, closed).change.movements[0]?.effectiveAt).toBe(at('02-05'));
});

test.each([
  ['SHIPPED', release],
  ['RELEASED', release],
  ['SHIPPED', ship],
  ['RELEASED', ship],
] as const)('what is %s cannot move again (%o)', (status, move) => {
  expect(refusal(() => move({ ...row, status }, null, context())).code).toBe('STATE_CONFLICT');
});

test.each([release, ship])('more than the row holds is refused (%o)', (move) => {
  expect(refusal(() => move(row, 3_000_001n, context()))).toEqual({
    code: 'VALIDATION_FAILED',
    errors: [{ pointer: '/quantity', detail: 'must not be more than the 3 of the result' }],
  });
});

test.each([
  ['is on hold', { status: 'ON_HOLD', expiresOn: null }],
  ['has expired', { status: 'AVAILABLE', expiresOn: '2026-02-09' }],
] as const)('a lot that %s stops shipping', (_, stopped) => {
  expect(refusal(() => ship(row, null, context({ lot: stopped }))).code).toBe('STATE_CONFLICT');
});

test('expiry is judged at shippedAt, in the time zone of the stack', () => {
  const lastDay = { status: 'AVAILABLE', expiresOn: '2026-02-04' } as const;
  const shippedAt = '2026-02-04T23:30:00.000Z';

  expect(ship(row, null, context({ lot: lastDay, shippedAt })).moved.status).toBe('SHIPPED');
  const inBerlin = () => ship(row, null, context({ lot: lastDay, shippedAt, timeZone: 'Europe/Berlin' }));
  expect(refusal(inBerlin).code).toBe('STATE_CONFLICT');
});

test.each([
  ['before the asOf of the result', { shippedAt: '2026-01-19T23:59:59.999Z' }, 'VALIDATION_FAILED', ['/shippedAt']],
  ['in the future', { shippedAt: '2026-02-10T00:00:00.001Z' }, 'VALIDATION_FAILED', ['/shippedAt']],
  ['in a closed month', { shippedAt: at('01-31'), firstOpenAt: at('02-01') }, 'PERIOD_CLOSED', []],
] as const)('a shippedAt %s is refused', (_, given, code, pointers) => {
  const refused = refusal(() => ship(row, null, context(given)));

  expect([refused.code, refused.errors.map(({ pointer }) => pointer)]).toEqual([code, pointers]);
});
