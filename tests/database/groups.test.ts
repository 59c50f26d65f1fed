import {
  apply,
  createOrders,
  type Database,
  type Group,
  type Loaded,
  load,
  loadGroup,
  planGroups,
  type Reach,
  receiveLots,
} from '@inventory/database';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../database-fixture.ts';
import { aLot, anOrder, millionths, NOW } from '../factories.ts';
import { seeded } from '../random.ts';
import { aDecision } from './an-allocation.ts';

const choice = { filter: {} };
const byRank: Reach = {
  asOf: NOW,
  today: '2026-02-01',
  now: NOW,
  ranking: [
    { key: 'receivedAt', direction: 'asc' },
    { key: 'lotSequence', direction: 'asc' },
  ],
  locations: ['W1', 'W2'],
  locationPriority: [],
  named: [],
  every: false,
};

test('the groups of a run by rank count the lots that its demand reaches, others all lots', async () => {
  const { database, close } = await openTestDatabase();
  const skus = ['A', 'B'];
  const lots = skus.flatMap((sku) => Array.from({ length: 100 }, () => aLot({ sku })));
  await receiveLots(database, { lots, actor: 'test', at: NOW, timeZone: 'UTC', keyed: null });
  const orders = skus.map((sku) => anOrder({ lines: [{ sku, quantity: millionths(1) }] }));
  await createOrders(database, { orders, actor: 'test', at: NOW, keyed: null });
  const plan = { choice, scope: { unfinishedOf: uuid() }, rowsPerSlice: 150 };

  const [byReach, byLots] = await Promise.all(
    [byRank, { ...byRank, ranking: null }].map((reach) => planGroups(database, { ...plan, reach })),
  );

  expect([byReach?.groups.length, byLots?.groups.length]).toEqual([1, 2]);
  await close();
});

describe.each(['postgres', 'data-api'] as const)('the groups of a large run over %s', (via) => {
  let opened: TestDatabase;
  let database: Database;
  let runId: string;
  beforeAll(async () => {
    opened = await openTestDatabase({ via });
    database = opened.database;
    runId = await aDayOf(opened);
  });
  afterAll(() => opened.close());

  const plan = async (rowsPerSlice: number, reach = byRank) =>
    (await planGroups(database, { choice, reach, scope: { unfinishedOf: runId }, rowsPerSlice })).groups;
  const read = (group: Group, reach = byRank) =>
    loadGroup(database, { choice, reach, group, scope: { unfinishedOf: runId } });

  test.each([
    ['as far as the demand reaches', byRank],
    ['lot by lot', { ...byRank, ranking: null }],
  ])('hold together what the whole run reads, %s', async (_, reach) => {
    const whole = await load(database, { choice, reach, idempotencyKey: null });

    const groups = await plan(200, reach);
    const parts = await Promise.all(groups.map((group) => read(group, reach)));

    expect(groups.length).toBeGreaterThan(5);
    expect(linesOf(parts)).toEqual(linesOf([whole]));
    expect(stockOf(parts)).toEqual(stockOf([whole]));
  });

  test('are of other SKUs each, in the order of their names', async () => {
    const groups = await plan(100);

    const skus = (await Promise.all(groups.map((group) => read(group)))).map(({ stock }) =>
      stock.positions.map(({ sku }) => sku),
    );

    const names = skus.flatMap((each) => each.toSorted());
    expect(names).toEqual([...new Set(names)].toSorted());
  });

  test('leave out what the run has finished, and the orders that came when it had begun', async () => {
    const groups = await plan(200);
    const [first, second] = [await read(groups[0]!), await read(groups[1]!)];
    await opened.administrator.query({
      text: 'INSERT INTO allocation_run_slices (run_id, slice_id, skus) VALUES ($1::uuid, $2::uuid, $3::text[])',
      values: [runId, uuid(), first.stock.positions.map(({ sku }) => sku)],
    });
    const late = anOrder({ lines: [{ sku: second.stock.positions[0]!.sku }] });
    await createOrders(database, { orders: [late], actor: 'test', at: NOW, keyed: null });

    const [again, other] = [await read(groups[0]!), await read(groups[1]!)];
    const left = await plan(200);

    expect(again.orders).toEqual([]);
    expect(linesOf([other])).toEqual(linesOf([second]));
    expect(left[0]!.ranges[0]!.first).toBe(groups[1]!.ranges[0]!.first);
    expect(linesOf([await read(left[0]!)]).map(({ orderId }) => orderId)).toContain(late.id);
  });
});

/** Lines of many SKUs and of one that fills pages by itself, some held and reserved in part; the run that is to serve them. */
async function aDayOf({ database, administrator }: TestDatabase): Promise<string> {
  const random = seeded(7);
  const below = (most: number) => Math.floor(random() * most);
  const skus = [...Array.from({ length: 150 }, (_, index) => `値-${index}`), `GIANT-${'x'.repeat(80)}`];
  const lots = Array.from({ length: 4_500 }, (_, index) =>
    aLot({
      sku: index < 4_000 ? skus.at(-1)! : skus[below(skus.length)]!,
      location: `W${1 + below(3)}`,
      quantity: millionths(1 + below(3)),
      receivedAt: `2026-01-${String(1 + below(28)).padStart(2, '0')}T00:00:00.000Z`,
      expiresOn: below(3) === 0 ? `2026-0${1 + below(3)}-15` : null,
      status: below(9) === 0 ? 'ON_HOLD' : 'AVAILABLE',
    }),
  );
  const orders = Array.from({ length: 1_500 }, (_, index) =>
    anOrder({
      orderNumber: `${index}-${'値'.repeat(40)}`,
      requestedShipDate: below(2) === 0 ? '2026-03-01' : null,
      lines: Array.from({ length: 1 + below(6) }, () => ({
        sku: below(2) === 0 ? skus.at(-1)! : skus[below(skus.length)]!,
        quantity: millionths(0.5 + below(4)),
        minShelfLifeDays: below(5) === 0 ? below(40) : null,
      })),
    }),
  );
  await receiveLots(database, { lots, actor: 'test', at: NOW, timeZone: 'UTC', keyed: null });
  await createOrders(database, { orders, actor: 'test', at: NOW, keyed: null });
  const { write, run } = await aDecision(database, '値-held');
  await apply(database, write);
  await administrator.query({
    text: `INSERT INTO reservations (id, sku, location, quantity, owner, expires_at, status, created_at, created_by)
SELECT gen_random_uuid(), sku, nullif('W' || number % 3, 'W0'), number, 'test', $1::timestamptz + interval '1 hour', 'ACTIVE', $1::timestamptz, 'test'
FROM unnest($2::text[]) WITH ORDINALITY AS held (sku, number)`,
    values: [NOW, skus.slice(-20)],
  });
  return run.id;
}

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);
const asText = (of: unknown) => JSON.stringify(of, (_, value) => (typeof value === 'bigint' ? String(value) : value));

/** Lines with all that is known of their orders. */
const linesOf = (loads: readonly Loaded[]) =>
  loads
    .flatMap(({ orders }) =>
      orders.flatMap(({ lines, id: orderId, ...order }) => lines.map((line) => ({ ...order, orderId, ...line }))),
    )
    .sort(byId);

const stockOf = (loads: readonly Loaded[]) => ({
  positions: loads.flatMap(({ stock }) => stock.positions).sort((a, b) => (a.sku < b.sku ? -1 : 1)),
  lots: loads.flatMap(({ stock }) => stock.lots).sort(byId),
  reservations: loads.flatMap(({ stock }) => stock.reservations).sort(byId),
  rest: loads
    .flatMap(({ stock }) => stock.rest)
    .map(asText)
    .sort(),
});
