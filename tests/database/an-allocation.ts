import { apply, createOrders, type Database, receiveLots, type Write } from '@inventory/database';
import { type AllocationRun, noChange } from '@inventory/models';
import { v7 as uuid } from 'uuid';
import { expect } from 'vitest';
import { aLot, anOrder, millionths, NOW } from '../factories.ts';

/** An order of 12 that got 10 from a lot of 10 at 12.00, stored with its run, decided by hand. */
export async function anAllocation(database: Database, sku: string, given: Partial<AllocationRun> = {}) {
  const { write, ...decided } = await aDecision(database, sku, given);
  expect(await apply(database, write)).toEqual({ kind: 'APPLIED' });
  return decided;
}

/** The same, stored but for the decision. */
export async function aDecision(database: Database, sku: string, given: Partial<AllocationRun> = {}) {
  const order = anOrder({ lines: [{ sku, quantity: millionths(12) }] });
  const lot = aLot({ sku });
  await createOrders(database, { orders: [order], actor: 'test', at: NOW, keyed: null });
  await receiveLots(database, { lots: [lot], actor: 'test', at: NOW, timeZone: 'UTC', keyed: null });
  const [line] = order.lines;
  const quantity = millionths(10);
  const moved = { allocatedDelta: quantity, shippedDelta: 0n, cancelledDelta: 0n };
  const result = {
    ...{
      id: uuid(),
      orderId: order.id,
      orderLineId: line!.id,
      lineNumber: 1,
      inventoryId: lot.id,
      sku,
      location: 'W1',
    },
    ...{ quantity, lotUnitCost: lot.unitCost, costAmount: 12000n, costing: 'FINAL' as const },
  };
  const run: AllocationRun = {
    id: uuid(),
    strategy: { allocationMethod: 'FIFO', pick: 'FIFO', cost: 'LOT', sequence: 'PRIORITY', fulfilment: 'PARTIAL' },
    asOf: NOW,
    status: 'COMMITTED',
    totals: { requested: millionths(12), allocated: quantity, short: millionths(2), costAmount: 12000n },
    shortages: [
      {
        ...{ orderId: order.id, lineNumber: 1, requested: millionths(12), allocated: quantity, short: millionths(2) },
        reasons: [{ code: 'NO_STOCK', quantity: millionths(2) }],
      },
    ],
    explanation: null,
    ...{ slicesApplied: 0, slicesTotal: 0, failure: null, createdAt: NOW, createdBy: 'test' },
    ...given,
  };
  const write: Write = {
    change: {
      ...noChange,
      orders: [{ id: order.id, revision: 1, ...moved }],
      orderLines: [{ id: line!.id, ...moved }],
      positions: [{ sku, version: 1, moves: true, poolQuantityDelta: -quantity, poolValueDelta: -12000n }],
      lots: [{ id: lot.id, remainingDelta: 0n, allocatedDelta: quantity, openValueDelta: -12000n }],
      results: [result],
    },
    run: { kind: 'WHOLE', run },
    ...{ actor: 'test', at: NOW, allocatedAt: NOW, keyed: null },
  };
  return { order, line: line!, lot, result, run, write };
}
