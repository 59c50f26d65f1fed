import { type Database, findResult, listResults } from '@inventory/database';
import type { AllocationResult } from '@inventory/models';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../database-fixture.ts';
import { NOW } from '../factories.ts';
import { anAllocation } from './an-allocation.ts';

describe.each(['postgres', 'data-api'] as const)('results over %s', (via) => {
  let opened: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await openTestDatabase({ via });
    database = opened.database;
  });
  afterAll(() => opened.close());

  const stored = ({ result, run }: Awaited<ReturnType<typeof anAllocation>>): AllocationResult => ({
    ...result,
    ...{ runId: run.id, status: 'ALLOCATED', createdAt: NOW, shippedAt: null, releasedAt: null },
  });

  it('reads a result as it was allocated, and when it was shipped', async () => {
    const allocated = await anAllocation(database, 'READ');
    expect(await findResult(database, allocated.result.id)).toEqual(stored(allocated));

    await opened.administrator.query({
      text: `UPDATE allocation_results SET status = 'SHIPPED', shipped_at = CAST($2 AS timestamptz) WHERE id = CAST($1 AS uuid)`,
      values: [allocated.result.id, '2026-02-02T00:00:00.001Z'],
    });

    expect(await findResult(database, allocated.result.id)).toEqual({
      ...stored(allocated),
      ...{ status: 'SHIPPED', shippedAt: '2026-02-02T00:00:00.001Z' },
    });
    expect(await findResult(database, uuid())).toBeNull();
  });

  it('lists newest first by order, run, SKU, lot, status and costing', async () => {
    const sku = `SKU-${uuid()}`;
    const first = await anAllocation(database, sku);
    const second = await anAllocation(database, `${sku}-2`);
    const found = async (filters: Parameters<typeof listResults>[1], limit = 10) =>
      (await listResults(database, filters, { limit, after: null })).items.map(({ id }) => id);

    expect(await listResults(database, { sku }, { limit: 1, after: null })).toEqual({
      items: [stored(first)],
      next: null,
    });
    expect(await found({}, 2)).toEqual([second.result.id, first.result.id]);
    expect(await found({ orderId: first.order.id })).toEqual([first.result.id]);
    expect(await found({ runId: second.run.id })).toEqual([second.result.id]);
    expect(await found({ inventoryId: first.lot.id, status: 'ALLOCATED', costing: 'FINAL' })).toEqual([
      first.result.id,
    ]);
    expect(await found({ sku, status: 'SHIPPED' })).toEqual([]);
    expect(await found({ sku, costing: 'PROVISIONAL' })).toEqual([]);
  });

  it('goes on behind a page', async () => {
    const page = await listResults(database, {}, { limit: 1, after: null });
    const next = await listResults(database, {}, { limit: 1, after: page.next });

    expect(next.items[0]!.id < page.items[0]!.id).toBe(true);
  });
});
