import { createOrders, type Database, findOrder, listOrders } from '@inventory/database';
import type { Order } from '@inventory/models';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../database-fixture.ts';
import { anOrder, millionths, NOW } from '../factories.ts';
import { everyPage } from './pages.ts';

describe.each(['postgres', 'data-api'] as const)('orders over %s', (via) => {
  let opened: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await openTestDatabase({ via });
    database = opened.database;
  });
  afterAll(() => opened.close());

  const store = (orders: readonly Order[]) =>
    createOrders(database, { orders, actor: 'test', at: NOW, keyed: null }).then(() => orders);

  it('reads an order as it was stored', async () => {
    const order = anOrder({
      customerId: 'C-1',
      priority: 2,
      orderedAt: '1969-12-31T23:59:59.999Z',
      requestedShipDate: '2026-02-03',
      lines: [
        { sku: 'B "quoted" \\ {x}', quantity: millionths(1.5), minShelfLifeDays: 30, reservationId: uuid() },
        { sku: 'A', picks: [{ inventoryId: uuid(), quantity: millionths(0.000001) }] },
        { sku: 'A', picks: [] },
      ],
    });
    await store([order]);

    expect(await findOrder(database, order.id)).toEqual(order);
    expect(await findOrder(database, uuid())).toBeNull();
  });

  it('lists newest first, page by page, while orders are added', async () => {
    const customerId = `C-${uuid()}`;
    const orders = await store(Array.from({ length: 25 }, () => anOrder({ customerId, lines: [{}, {}] })));
    const seen = await everyPage(
      (page) => listOrders(database, { customerId }, page),
      () => store([anOrder({ customerId })]),
    );

    expect(seen).toEqual(orders.toReversed());
  });

  it('ends with the last full page', async () => {
    const customerId = `C-${uuid()}`;
    await store([anOrder({ customerId }), anOrder({ customerId })]);

    expect(await listOrders(database, { customerId }, { limit: 2, after: null })).toMatchObject({ next: null });
  });

  it('filters by number, customer, SKU and status, and by all of them', async () => {
    const sku = `SKU-${uuid()}`;
    const [first, second] = [
      anOrder({ customerId: 'C-F', lines: [{ sku }, { sku: 'Z' }] }),
      anOrder({ lines: [{ sku: 'Z' }, { sku }] }),
    ];
    await store([first, second]);
    await opened.administrator.query({
      text: 'UPDATE orders SET cancelled_quantity = quantity WHERE id = CAST($1 AS uuid)',
      values: [second.id],
    });
    const found = async (filters: Parameters<typeof listOrders>[1]) =>
      (await listOrders(database, filters, { limit: 10, after: null })).items.map(({ id }) => id);

    expect(await found({ sku })).toEqual([second.id, first.id]);
    expect(await found({ orderNumber: first.orderNumber })).toEqual([first.id]);
    expect(await found({ sku, customerId: 'C-F' })).toEqual([first.id]);
    expect(await found({ sku, status: 'OPEN' })).toEqual([first.id]);
    expect(await found({ sku, status: 'CANCELLED' })).toEqual([second.id]);
    expect(await found({ sku, status: 'CANCELLED', customerId: 'C-F' })).toEqual([]);
  });

  it('reads orders that are larger than an answer of the Data API', async () => {
    const customerId = `C-${uuid()}`;
    const named = () => Array.from({ length: 1000 }, () => ({ inventoryId: uuid(), quantity: millionths(1) }));
    const line = { sku: 'X'.repeat(90), picks: null };
    const orders = [
      anOrder({ customerId, lines: Array.from({ length: 10 }, () => ({ ...line })) }),
      anOrder({
        customerId,
        lines: Array.from({ length: 50 }, (_, i) => ({ ...line, picks: i % 9 ? named() : null })),
      }),
      anOrder({ customerId, lines: Array.from({ length: 2000 }, () => ({ ...line })) }),
      anOrder({ customerId, lines: Array.from({ length: 2000 }, () => ({ ...line })) }),
    ];
    for (const order of orders) await store([order]);

    const { items, next } = await listOrders(database, { customerId }, { limit: 4, after: null });

    expect(next).toBeNull();
    expect(items.map(({ id }) => id)).toEqual(orders.map(({ id }) => id).toReversed());
    expect(items).toEqual(orders.toReversed());
    expect(await findOrder(database, orders[1]!.id)).toEqual(orders[1]);
  });

  it('ends a page of very large orders early, and goes on behind it', async () => {
    const customerId = `C-${uuid()}`;
    const orders = Array.from({ length: 8 }, () =>
      anOrder({ customerId, lines: Array.from({ length: 2000 }, () => ({ sku: 'X'.repeat(90) })) }),
    );
    for (const order of orders) await store([order]);

    const pages: Order[][] = [];
    let after: string | null = null;
    do {
      const page = await listOrders(database, { customerId }, { limit: 8, after });
      pages.push([...page.items]);
      after = page.next;
    } while (after);

    expect(pages[0]!.length).toBeLessThan(8);
    expect(pages.flat().map(({ id }) => id)).toEqual(orders.map(({ id }) => id).toReversed());
  });
});

it('reads an order, and a page of the largest orders that fit, by one call', async () => {
  const opened = await openTestDatabase();
  const orders = Array.from({ length: 201 }, () => anOrder({ lines: Array.from({ length: 10 }, () => ({})) }));
  await createOrders(opened.database, { orders, actor: 'test', at: NOW, keyed: null });
  opened.emulator.resetStats();

  await findOrder(opened.database, orders[0]!.id);
  const page = await listOrders(opened.database, {}, { limit: 200, after: null });

  expect(page.items).toHaveLength(200);
  expect(opened.emulator.stats.calls).toBe(2);
  await opened.close();
});
