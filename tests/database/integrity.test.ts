import { apply, type Database, findDifferences, receiveLots } from '@inventory/database';
import { type Change, type Difference, release, type Split, ship } from '@inventory/models';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../database-fixture.ts';
import { aLot, millionths, NOW } from '../factories.ts';
import { anAllocation } from './an-allocation.ts';

const QUANTITY = 'QUANTITY';
const MONEY = 'MONEY';

describe.each(['postgres', 'data-api'] as const)('integrity over %s', (via) => {
  let opened: TestDatabase;
  let database: Database;
  let allocated: Awaited<ReturnType<typeof anAllocation>>;
  beforeAll(async () => {
    opened = await openTestDatabase({ via });
    database = opened.database;
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await manipulate('TRUNCATE orders, order_lines, inventories, positions, allocation_results, movements');
    allocated = await anAllocation(database, 'A');
  });

  const write = async (change: Change) =>
    expect(
      await apply(database, { change, run: null, actor: 'test', at: NOW, allocatedAt: null, keyed: null }),
    ).toEqual({ kind: 'APPLIED' });

  const manipulate = (text: string) => opened.administrator.query({ text, values: [] });

  const rowOf = ({ result, line, lot }: typeof allocated) => ({
    ...({
      id: result.id,
      orderLineId: line.id,
      inventoryId: lot.id,
      sku: lot.sku,
      status: 'ALLOCATED',
      asOf: NOW,
    } as const),
    ...{ quantity: result.quantity, costAmount: result.costAmount },
  });
  const rest = (row: ReturnType<typeof rowOf>, { remainder }: Split) => ({
    ...row,
    ...{ quantity: remainder!.quantity, costAmount: remainder!.costAmount },
  });
  const contextOf = ({ order, lot }: typeof allocated, revision: number, positionVersion: number) => ({
    ...{ order: { id: order.id, revision }, positionVersion, now: NOW, firstOpenAt: null, newId: uuid },
    ...{ lot, shippedAt: NOW, timeZone: 'UTC' },
  });

  it('is sound after a receipt, an allocation, a partial and a whole shipment, a partial and a whole release', async () => {
    expect(await findDifferences(database)).toEqual([]);
    const row = rowOf(allocated);
    const shipped = ship(row, millionths(3), contextOf(allocated, 2, 2));
    await write(shipped.change);
    expect(await findDifferences(database)).toEqual([]);
    const released = release(rest(row, shipped), millionths(2.5), contextOf(allocated, 3, 3));
    await write(released.change);
    expect(await findDifferences(database)).toEqual([]);
    const last = ship(rest(rest(row, shipped), released), null, contextOf(allocated, 4, 4));
    await write(last.change);
    expect(await findDifferences(database)).toEqual([]);

    const other = await anAllocation(database, 'B');
    await write(release(rowOf(other), null, contextOf(other, 2, 2)).change);
    expect(await findDifferences(database)).toEqual([]);
  });

  it('is sound after a result was re-costed and a part of it shipped', async () => {
    const { lot, result } = allocated;
    await manipulate(`INSERT INTO movements (kind, sku, inventory_id, quantity_delta, value_delta, reference, actor, at, effective_at)
      VALUES ('ADJUST', 'A', '${lot.id}', 1, 250, NULL, 'test', now(), now()),
        ('REVALUE', 'A', '${lot.id}', 0, -250, NULL, 'test', now(), now()),
        ('REVALUE', 'A', NULL, 0, 250, '${result.id}', 'test', now(), now())`);
    await manipulate(`UPDATE inventories SET remaining_quantity = 11`);
    await manipulate(`UPDATE positions SET pool_quantity = 1`);
    await manipulate(`UPDATE allocation_results SET cost_amount = 12250`);
    expect(await findDifferences(database)).toEqual([]);

    const row = { ...rowOf(allocated), costAmount: 12250n };
    await write(ship(row, millionths(4), contextOf(allocated, 2, 2)).change);

    expect(await findDifferences(database)).toEqual([]);
  });

  it.each([
    ['remaining_quantity = 10.5', ['remainingQuantity', QUANTITY, millionths(10.5), millionths(10)]],
    ['allocated_quantity = 9.5', ['allocatedQuantity', QUANTITY, millionths(9.5), millionths(10)]],
    ['open_value = 1, remaining_quantity = 11', ['openValue', MONEY, 1n, 0n]],
  ] as const)('finds a lot of which somebody set %s', async (manipulation, counter) => {
    await manipulate(`UPDATE inventories SET ${manipulation}`);

    expect(await findDifferences(database)).toContainEqual(difference('INVENTORY', allocated.lot.id, counter));
  });

  it('finds a pool, an order, a line, a result and a cost that were manipulated, all at once', async () => {
    const { order, line, result } = allocated;
    await receiveLots(database, { lots: [aLot({ sku: 'B' })], actor: 'test', at: NOW, timeZone: 'UTC', keyed: null });
    await manipulate(`UPDATE positions SET pool_value = 12001, pool_quantity = 11 WHERE sku = 'B'`);
    await manipulate(`UPDATE orders SET allocated_quantity = 9, cancelled_quantity = 1`);
    await manipulate(`UPDATE order_lines SET shipped_quantity = 2`);
    await manipulate(`UPDATE allocation_results SET cost_amount = 11999`);

    expect(await findDifferences(database)).toEqual([
      difference('ALLOCATION_RESULT', result.id, ['costAmount', MONEY, 11999n, 12000n]),
      difference('ORDER', order.id, ['allocatedQuantity', QUANTITY, millionths(9), millionths(10)]),
      difference('ORDER', order.id, ['cancelledQuantity', QUANTITY, millionths(1), 0n]),
      difference('ORDER', order.id, ['shippedQuantity', QUANTITY, 0n, millionths(2)]),
      difference('ORDER_LINE', line.id, ['shippedQuantity', QUANTITY, millionths(2), 0n]),
      difference('POSITION', 'B', ['poolQuantity', QUANTITY, millionths(11), millionths(10)]),
      difference('POSITION', 'B', ['poolValue', MONEY, 12001n, 12000n]),
    ]);
  });

  it('finds a result that was called shipped', async () => {
    await manipulate(`UPDATE allocation_results SET status = 'SHIPPED'`);

    expect(await findDifferences(database)).toEqual([
      difference('ALLOCATION_RESULT', allocated.result.id, ['shippedQuantity', QUANTITY, millionths(10), 0n]),
      difference('ORDER_LINE', allocated.line.id, ['allocatedQuantity', QUANTITY, millionths(10), 0n]),
      difference('ORDER_LINE', allocated.line.id, ['shippedQuantity', QUANTITY, 0n, millionths(10)]),
    ]);
  });

  it('finds rows that were lost or invented', async () => {
    const { lot, line, result } = allocated;
    await manipulate('DELETE FROM allocation_results');
    expect(await findDifferences(database)).toEqual([
      difference('ALLOCATION_RESULT', result.id, ['costAmount', MONEY, 0n, 12000n]),
      difference('ALLOCATION_RESULT', result.id, ['quantity', QUANTITY, 0n, millionths(10)]),
      difference('ORDER_LINE', line.id, ['allocatedQuantity', QUANTITY, millionths(10), 0n]),
    ]);

    await manipulate('DELETE FROM movements');
    await manipulate('DELETE FROM order_lines');
    await manipulate('DELETE FROM orders');
    expect(await findDifferences(database)).toEqual([
      difference('INVENTORY', lot.id, ['allocatedQuantity', QUANTITY, millionths(10), 0n]),
      difference('INVENTORY', lot.id, ['remainingQuantity', QUANTITY, millionths(10), 0n]),
    ]);
  });

  it('tells at most 1,000 differences', async () => {
    const lots = Array.from({ length: 1500 }, () => aLot({ sku: uuid() }));
    await receiveLots(database, { lots, actor: 'test', at: NOW, timeZone: 'UTC', keyed: null });
    await manipulate('UPDATE positions SET pool_value = pool_value + 1 WHERE pool_quantity > 0');

    expect(await findDifferences(database)).toHaveLength(1000);
  });

  // The last, since it takes the CHECKs away.
  it('finds what is negative where no CHECK holds it', async () => {
    const { lot } = allocated;
    await manipulate('ALTER TABLE positions DROP CONSTRAINT positions_pool_not_negative');
    await manipulate('ALTER TABLE inventories DROP CONSTRAINT inventories_never_oversold');
    await manipulate(`INSERT INTO movements (kind, sku, inventory_id, quantity_delta, value_delta, actor, at, effective_at)
      VALUES ('ADJUST', 'A', '${lot.id}', -11, 0, 'test', now(), now())`);
    await manipulate('UPDATE inventories SET remaining_quantity = -1');
    await manipulate('UPDATE positions SET pool_quantity = -11');

    expect(await findDifferences(database)).toEqual([
      difference('INVENTORY', lot.id, ['remainingQuantity', QUANTITY, millionths(-1), 0n]),
      difference('POSITION', 'A', ['poolQuantity', QUANTITY, millionths(-11), 0n]),
    ]);
  });
});

const difference = (
  entity: Difference['entity'],
  id: string,
  [counter, unit, stored, expected]: readonly [string, Difference['unit'], bigint, bigint],
): Difference => ({ entity, id, counter, unit, stored, expected });
