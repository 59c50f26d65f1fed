import { type Database, findRun, listRuns } from '@inventory/database';
import type { AllocationRun, AllocationRunSummary, Explanation } from '@inventory/models';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../database-fixture.ts';
import { millionths } from '../factories.ts';
import { anAllocation } from './an-allocation.ts';

describe.each(['postgres', 'data-api'] as const)('runs over %s', (via) => {
  let opened: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await openTestDatabase({ via });
    database = opened.database;
  });
  afterAll(() => opened.close());

  it('reads a run with its shortages in the order in which the lines were served', async () => {
    const shortages = [
      { code: 'ON_HOLD', quantity: millionths(1.5) },
      { code: 'NO_STOCK', quantity: millionths(0.5) },
    ] as const;
    const shortage = { requested: millionths(12), allocated: millionths(10), short: millionths(2), reasons: shortages };
    const { run } = await anAllocation(database, 'READ', {
      shortages: [9, 3, 5].map((lineNumber) => ({ orderId: uuid(), lineNumber, ...shortage })).toReversed(),
    });

    expect(await findRun(database, run.id)).toEqual(run);
    expect(await findRun(database, uuid())).toBeNull();
  });

  it('leaves the shortages of a run that is being worked off until it has ended', async () => {
    const shortages = [
      {
        ...{ orderId: uuid(), lineNumber: 1, requested: millionths(2), allocated: 0n, short: millionths(2) },
        reasons: [{ code: 'NO_STOCK' as const, quantity: millionths(2) }],
      },
    ];
    const { run } = await anAllocation(database, 'UNDER WAY', { status: 'RUNNING', shortages });

    expect(await findRun(database, run.id)).toEqual({ ...run, shortages: [] });
  });

  it('reads shortages and an explanation that are larger than an answer of the Data API', async () => {
    const candidates = Array.from({ length: 100 }, (_, index) => ({
      ...{ rank: index + 1, inventoryId: uuid(), available: millionths(index + 0.5), taken: millionths(index % 3) },
      skipped: index % 3 === 0 ? ('NOT_NEEDED' as const) : null,
    }));
    const explanation = Array.from(
      { length: 200 },
      (_, lineNumber): Explanation => ({
        ...{ orderId: uuid(), lineNumber },
        candidates: candidates.map((candidate) => ({ ...candidate, inventoryId: uuid() })),
      }),
    );
    const shortages = Array.from({ length: 9_000 }, (_, lineNumber) => ({
      ...{ orderId: uuid(), lineNumber, requested: millionths(2), allocated: 0n, short: millionths(2) },
      reasons: [{ code: 'NO_STOCK' as const, quantity: millionths(2) }],
    }));
    const { run } = await anAllocation(database, 'LARGE', { shortages, explanation });

    expect(await findRun(database, run.id)).toEqual(run);
  });

  it('lists runs newest first, without what may be large', async () => {
    const runs: AllocationRun[] = [];
    for (const sku of ['P1', 'P2', 'P3', 'P4', 'P5']) runs.push((await anAllocation(database, sku)).run);
    const first = await listRuns(database, { limit: 3, after: null });
    const second = await listRuns(database, { limit: 2, after: first.next });

    expect([...first.items, ...second.items]).toEqual(runs.toReversed().map(summary));
    expect(first.next).toBe(runs[2]!.id);
  });
});

it('reads a run, and a page of runs, by one call each', async () => {
  const opened = await openTestDatabase();
  const { run } = await anAllocation(opened.database, 'A');
  opened.emulator.resetStats();

  await findRun(opened.database, run.id);
  await listRuns(opened.database, { limit: 200, after: null });

  expect(opened.emulator.stats.calls).toBe(2);
  await opened.close();
});

const summary = ({ shortages: _, explanation: __, ...rest }: AllocationRun): AllocationRunSummary => rest;
