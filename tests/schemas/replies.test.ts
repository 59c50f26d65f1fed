import type { AllocationResult, Inventory, Order } from '@inventory/models';
import {
  AllocationResponse,
  AllocationResultResponse,
  allocationReply,
  availabilityReply,
  CompareResponse,
  compareReply,
  InventoryResponse,
  integrityReply,
  inventoryReply,
  movedResultReply,
  movementReply,
  OrderResponse,
  orderReply,
  resultReply,
  runReply,
} from '@inventory/schemas';
import { describe, expect, test } from 'vitest';
import { anId, anotherId, now } from './given.ts';

const usd = { code: 'USD', digits: 2 };
const yen = { code: 'JPY', digits: 0 };
const strategy = {
  allocationMethod: 'FIFO',
  pick: 'FIFO',
  cost: 'LOT',
  sequence: 'PRIORITY',
  fulfilment: 'PARTIAL',
} as const;

const line = (more: object = {}): Order['lines'][number] => ({
  id: anotherId,
  lineNumber: 1,
  sku: 'A',
  quantity: 12_500_000n,
  minShelfLifeDays: null,
  picks: null,
  reservationId: null,
  allocatedQuantity: 0n,
  shippedQuantity: 0n,
  cancelledQuantity: 0n,
  ...more,
});

const order = (...lines: Order['lines']): Order => ({
  id: anId,
  orderNumber: 'SO-1',
  customerId: null,
  priority: 5,
  orderedAt: now,
  requestedShipDate: null,
  lines,
  version: 1,
  createdAt: now,
});

describe('an order', () => {
  test('says every member, with the computed status and back-order of each line', () => {
    const reply = orderReply(
      order(line({ allocatedQuantity: 2_000_000n, shippedQuantity: 500_000n, cancelledQuantity: 1_000_000n })),
    );

    expect(OrderResponse.parse(reply)).toEqual(reply);
    expect(reply).toEqual({
      id: anId,
      orderNumber: 'SO-1',
      customerId: null,
      priority: 5,
      orderedAt: now,
      requestedShipDate: null,
      status: 'PARTIALLY_SHIPPED',
      lines: [
        {
          id: anotherId,
          lineNumber: 1,
          sku: 'A',
          quantity: '12.5',
          minShelfLifeDays: null,
          picks: null,
          reservationId: null,
          status: 'PARTIALLY_SHIPPED',
          allocatedQuantity: '2',
          shippedQuantity: '0.5',
          cancelledQuantity: '1',
          backorderQuantity: '9',
        },
      ],
      version: 1,
      createdAt: now,
    });
  });

  test('has the status of the totals of its lines', () => {
    const cancelled = line({ cancelledQuantity: 12_500_000n });
    const allocated = line({ allocatedQuantity: 12_500_000n });

    expect(orderReply(order(cancelled, allocated)).status).toBe('ALLOCATED');
    expect(orderReply(order(cancelled, cancelled)).status).toBe('CANCELLED');
    expect(orderReply(order(allocated, line())).status).toBe('PARTIALLY_ALLOCATED');
  });
});

describe('a lot', () => {
  const lot = (more: Partial<Inventory> = {}): Inventory => ({
    id: anId,
    lotSequence: 7,
    receiptNumber: null,
    sku: 'A',
    lotNumber: null,
    location: 'W1',
    quantity: 10_000_000n,
    unitCost: 12_345_678n,
    totalCost: null,
    receivedAt: '2026-01-01T00:00:00.000Z',
    expiresOn: null,
    status: 'AVAILABLE',
    remainingQuantity: 9_000_000n,
    allocatedQuantity: 4_000_000n,
    openValue: 6_173n,
    returnOf: null,
    version: 1,
    ...more,
  });
  const view = { currency: usd, now, timeZone: 'UTC' };

  test('says unit costs with all decimal places and money with those of the currency', () => {
    const reply = inventoryReply(lot({ totalCost: 12_346n }), view);

    expect(InventoryResponse.parse(reply)).toEqual(reply);
    expect(reply).toMatchObject({
      quantity: '10',
      unitCost: '12.345678',
      totalCost: '123.46',
      remainingQuantity: '9',
      allocatedQuantity: '4',
      availableQuantity: '5',
      openValue: '61.73',
    });
    expect(inventoryReply(lot(), { ...view, currency: yen }).openValue).toBe('6173');
  });

  test.each([
    ['held', { status: 'ON_HOLD' }],
    ['expired', { expiresOn: '2026-01-30' }],
    ['not yet received', { receivedAt: '2026-01-31T12:00:00.001Z' }],
  ] as const)('has nothing available when it is %s', (_, more) => {
    expect(inventoryReply(lot(more), view).availableQuantity).toBe('0');
  });

  test('is good on its last day, in the time zone of the stack', () => {
    const last = lot({ expiresOn: '2026-01-31' });

    expect(inventoryReply(last, view).availableQuantity).toBe('5');
    expect(inventoryReply(last, { ...view, timeZone: 'Pacific/Kiritimati' }).availableQuantity).toBe('0');
  });
});

const result = (more: Partial<AllocationResult> = {}): AllocationResult => ({
  id: anId,
  runId: anotherId,
  orderId: anId,
  orderLineId: anId,
  lineNumber: 1,
  inventoryId: anId,
  sku: 'A',
  location: 'W1',
  quantity: 3_000_000n,
  lotUnitCost: 12_000_000n,
  costAmount: 10_000n,
  costing: 'FINAL',
  status: 'ALLOCATED',
  createdAt: now,
  shippedAt: null,
  releasedAt: null,
  ...more,
});

describe('a result', () => {
  test('shows its unit cost to six decimals', () => {
    const reply = resultReply(result(), usd);

    expect(AllocationResultResponse.parse(reply)).toEqual(reply);
    expect(reply).toMatchObject({ quantity: '3', unitCost: '33.333333', costAmount: '100.00', shippedAt: null });
  });

  test('that moved shows what stays', () => {
    const moved = result({ status: 'SHIPPED', shippedAt: now });

    expect(movedResultReply({ moved, remainder: null }, usd)).toMatchObject({ status: 'SHIPPED', remainder: null });
    expect(movedResultReply({ moved, remainder: result() }, usd).remainder).toEqual(resultReply(result(), usd));
  });
});

describe('a run', () => {
  const shortage = {
    orderId: anId,
    lineNumber: 1,
    requested: 22_000_000n,
    allocated: 15_000_000n,
    short: 7_000_000n,
    reasons: [{ code: 'NO_STOCK', quantity: 7_000_000n }],
  } as const;
  const totals = { requested: 22_000_000n, allocated: 15_000_000n, short: 7_000_000n, costAmount: 17_000n };
  const { runId: _, createdAt: __, shippedAt: ___, releasedAt: ____, status: _____, ...made } = result();
  const answer = {
    runId: anotherId,
    asOf: now,
    strategy,
    explain: false,
    allocation: { results: [made], shortages: [shortage], explanation: [], totals },
  };

  test('answers as the product says', () => {
    const reply = allocationReply(answer, usd);

    expect(AllocationResponse.parse(reply)).toEqual(reply);
    expect(reply).toMatchObject({ runId: anotherId, dryRun: false, status: 'COMMITTED' });
    expect(reply.totals).toEqual({
      requested: '22',
      allocated: '15',
      short: '7',
      costAmount: '170.00',
      fillRate: '0.681818',
    });
    expect(reply.shortages[0]?.reasons).toEqual([{ code: 'NO_STOCK', quantity: '7' }]);
    expect(Object.keys(reply)).not.toContain('explanation');
  });

  test('that is only simulated has no ids', () => {
    const reply = allocationReply({ ...answer, runId: null, explain: true }, usd);

    expect(AllocationResponse.parse(reply)).toEqual(reply);
    expect(reply).toMatchObject({ runId: null, dryRun: true, status: 'SIMULATED', explanation: [] });
    expect(reply.results[0]?.id).toBeNull();
  });

  test('fills all of nothing', () => {
    const nothing = { requested: 0n, allocated: 0n, short: 0n, costAmount: 0n };
    const run = {
      id: anId,
      strategy,
      asOf: now,
      status: 'COMMITTED',
      slicesApplied: 0,
      slicesTotal: 0,
      failure: null,
    } as const;
    const reply = runReply(
      { ...run, totals: nothing, createdAt: now, createdBy: 'me', shortages: [], explanation: null },
      yen,
    );

    expect(reply.totals).toMatchObject({ fillRate: '1.000000', costAmount: '0' });
    expect(reply.explanation).toBeNull();
  });

  test('stands beside others in a comparison', () => {
    const compared = { strategy, totals, shortages: [shortage], lotsUsed: 2, expiryWaste: 500_000n };
    const reply = compareReply({ asOf: now, comparison: [compared] }, usd);

    expect(CompareResponse.parse(reply)).toEqual(reply);
    expect(reply.comparison[0]).toMatchObject({ allocationMethod: 'FIFO', lotsUsed: 2, expiryWaste: '0.5' });
  });
});

test('movements and differences keep their sign and unit', () => {
  const movement = {
    entryNumber: 4,
    kind: 'ALLOCATE',
    sku: 'A',
    inventoryId: anId,
    quantityDelta: -1_500_000n,
    valueDelta: -5n,
    reference: null,
    actor: 'me',
    at: now,
    effectiveAt: now,
  } as const;
  const difference = {
    entity: 'POSITION',
    id: 'A',
    counter: 'poolValue',
    unit: 'MONEY',
    stored: 1n,
    expected: -1n,
  } as const;

  expect(movementReply(movement, usd)).toMatchObject({ entryNumber: 4, quantityDelta: '-1.5', valueDelta: '-0.05' });
  expect(integrityReply([difference, { ...difference, unit: 'QUANTITY' }], usd).differences).toEqual([
    { entity: 'POSITION', id: 'A', counter: 'poolValue', stored: '0.01', expected: '-0.01' },
    { entity: 'POSITION', id: 'A', counter: 'poolValue', stored: '0.000001', expected: '-0.000001' },
  ]);
});

test('availability is told as quantities', () => {
  const counts = { onHand: 30_000_000n, allocated: 0n, reserved: 500_000n, onHold: 0n, expired: 0n, available: 1n };

  expect(availabilityReply({ sku: 'A', ...counts })).toEqual({
    sku: 'A',
    onHand: '30',
    allocated: '0',
    reserved: '0.5',
    onHold: '0',
    expired: '0',
    available: '0.000001',
  });
});
