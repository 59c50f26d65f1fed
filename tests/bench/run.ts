import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Database, migrate } from '@inventory/database';
import { cloneDatabase, createDatabase, startEmulator, startPostgres } from '@inventory/database/local';
import { AllocationRequest } from '@inventory/schemas';
import { v7 as uuid } from 'uuid';
import { allocate } from '../../functions/allocation/allocate.ts';
import { workOff } from '../../functions/allocation-worker/work.ts';
import type { Settings } from '../../functions/http/use-case.ts';
import { benchCore } from './core.ts';
import { type Dataset, dataset, fill, NOW } from './dataset.ts';
import { copyOfRun } from './rivals/copy.ts';
import { prismaLoop } from './rivals/prisma-loop.ts';

const settings: Settings = {
  releaseId: 'bench',
  currency: { code: 'USD', digits: 2 },
  timeZone: 'UTC',
  allowedCosts: ['LOT', 'MOVING_AVERAGE', 'TOTAL_AVERAGE'],
  idempotencyKeyRequired: false,
};

const LINES = Number(process.env.LINES ?? 10_000);
const RUNS = Number(process.env.RUNS ?? 5);
const LOOP_LINES = 400;

const dataDirectory = join(tmpdir(), `inventory-bench-${randomUUID()}`);
const server = await startPostgres({ dataDirectory, durable: false });
try {
  const template = await createDatabase(server.url, 'template_bench');
  const migrator = connect({ kind: 'postgres', url: template });
  await migrate(migrator, join(import.meta.dirname, '../../prisma/migrations'));
  await migrator.close();

  const set = dataset({ lines: LINES, skus: Math.ceil(LINES / 3.3) });
  const rounds: { plain: number; emulated: number; copy: number; calls: number }[] = [];
  for (let round = 0; round < RUNS; round++) {
    const plain = await measure('postgres', set);
    const emulated = await measure('data-api', set);
    rounds.push({ plain: plain.time, emulated: emulated.time, copy: plain.copy, calls: emulated.calls });
    process.stderr.write(
      `round ${round + 1} of ${RUNS}: plain ${ms(plain.time)}, emulated ${ms(emulated.time)}, COPY ${ms(plain.copy)}\n`,
    );
  }
  const loop = await measureLoop();
  const [plain, emulated, copy] = [
    median(rounds.map((r) => r.plain)),
    median(rounds.map((r) => r.emulated)),
    median(rounds.map((r) => r.copy)),
  ];
  console.log(`
A run of ${set.lines} lines, from the request to COMMITTED (medians of ${RUNS} rounds; ratios are what counts)
  plain PostgreSQL          ${ms(plain)}   ${(plain / copy).toFixed(1)}x COPY        goal 5x
  through the Data API      ${ms(emulated)}   ${(emulated / copy).toFixed(1)}x COPY        goal 8x, ${rounds[0]?.calls} calls
  COPY of its rows          ${ms(copy)}
  naive Prisma loop         ${ms(loop)}   ${(loop / plain).toFixed(0)}x the run      measured on ${LOOP_LINES} lines, plain PostgreSQL`);
  benchCore();
} finally {
  await server.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}

async function measure(via: 'postgres' | 'data-api', set: Dataset) {
  const url = asApplication(
    await cloneDatabase(server.url, { template: 'template_bench', name: `bench_${Date.now()}` }),
  );
  const emulator = via === 'data-api' ? await startEmulator({ connectionString: url }) : null;
  const plain = connect({ kind: 'postgres', url });
  const database = emulator
    ? connect({
        kind: 'data-api',
        resourceArn: 'arn:local',
        secretArn: 'arn:local',
        database: 'bench',
        endpoint: emulator.url,
      })
    : plain;
  try {
    await fill(plain, set);
    await analyze(url);
    await database.query({ text: 'SELECT 1 AS warm', values: [] });
    const calls = () => emulator?.stats.calls ?? 0;
    const before = calls();
    const began = performance.now();
    const runId = await commit(database);
    const time = performance.now() - began;
    const made = calls() - before;
    await verify(plain, runId);
    const copy = via === 'postgres' ? await copyOfRun(asAdministrator(url), runId) : 0;
    return { time, copy, calls: made };
  } finally {
    await database.close();
    if (emulator) await plain.close();
    await emulator?.close();
  }
}

/** The request as the function gets it, and the worker in the same process, as locally. */
async function commit(database: Database): Promise<string> {
  const work = { database, settings, newId: uuid, now: () => Date.parse(NOW) };
  let worked: Promise<void> | undefined;
  let runId = '';
  const reply = await allocate(
    {
      params: {},
      query: {},
      body: AllocationRequest.parse({ filter: {} }),
      page: null,
      caller: 'bench',
      idempotency: null,
      now: NOW,
      deadline: Date.now() + 600_000,
    },
    {
      ...work,
      enqueueRun: async (id) => {
        runId = id;
        worked = workOff(id, work);
      },
    },
  );
  await worked;
  if ('replay' in reply || !(reply.status === 202 || reply.status === 201)) throw new Error('The run was refused');
  return runId || (reply.body as { runId: string }).runId;
}

/** A run that oversold, lost a unit or a cent does not count. */
async function verify(database: Database, runId: string): Promise<void> {
  const [row] = await database.query({
    text: `SELECT (SELECT status FROM allocation_runs WHERE id = CAST($1 AS uuid)) AS status,
  (SELECT count(*) FROM inventories WHERE allocated_quantity > remaining_quantity) AS oversold,
  (SELECT sum(allocated_quantity) FROM order_lines) - (SELECT sum(quantity) FROM allocation_results) AS lost_lines,
  (SELECT sum(allocated_quantity) FROM inventories) - (SELECT sum(quantity) FROM allocation_results) AS lost_lots,
  (SELECT sum(pool_value) FROM positions) + (SELECT sum(cost_amount) FROM allocation_results)
    - (SELECT sum(value_delta) FROM movements WHERE kind = 'RECEIPT') AS lost_cents,
  (SELECT count(*) FROM allocation_results) AS results`,
    values: [runId],
  });
  const wrong = ['oversold', 'lost_lines', 'lost_lots', 'lost_cents'].filter((name) => Number(row?.[name]) !== 0);
  if (row?.status !== 'COMMITTED' || wrong.length > 0 || Number(row.results) < LINES / 2) {
    throw new Error(`The run is not right: ${JSON.stringify(row)}`);
  }
}

async function measureLoop(): Promise<number> {
  const set = dataset({ lines: LOOP_LINES, skus: Math.ceil(LOOP_LINES / 3.3) });
  const url = asApplication(
    await cloneDatabase(server.url, { template: 'template_bench', name: `bench_loop_${Date.now()}` }),
  );
  const database = connect({ kind: 'postgres', url });
  try {
    await fill(database, set);
    const time = await prismaLoop(
      database,
      set.orders.map(({ id }) => id),
    );
    return (time / set.lines) * LINES;
  } finally {
    await database.close();
  }
}

async function analyze(url: string): Promise<void> {
  const administrator = connect({ kind: 'postgres', url: asAdministrator(url) });
  await administrator.query({ text: 'ANALYZE', values: [] });
  await administrator.close();
}

function asApplication(url: string): string {
  const address = new URL(url);
  address.username = 'inventory_application';
  return address.href;
}

function asAdministrator(url: string): string {
  const address = new URL(url);
  address.username = new URL(server.url).username;
  return address.href;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function ms(time: number): string {
  return `${Math.round(time)} ms`.padStart(9);
}
