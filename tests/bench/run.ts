// npm run bench [-- --lines 10000,1000000] [--skus 1] [--rounds 5]: a run from the request to COMMITTED as a ratio of COPY
// of the rows that it writes, with the calls and the memory that it takes; without --lines the naive loop and the core too.
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connect, type Database, type DatabaseConfig, migrate } from '@inventory/database';
import { cloneDatabase, createDatabase, startEmulator, startPostgres } from '@inventory/database/local';
import { benchCore } from './core.ts';
import { dataset, fill } from './dataset.ts';
import type { OneRun } from './one-run.ts';
import { copyOfRun } from './rivals/copy.ts';
import { prismaLoop } from './rivals/prisma-loop.ts';

const { values: given } = parseArgs({
  options: { lines: { type: 'string' }, skus: { type: 'string' }, rounds: { type: 'string' } },
});
const sizes = (given.lines ?? '10000').split(',').map(Number);
const ROUNDS = Number(given.rounds ?? 5);
const LOOP_LINES = 400;

const dataDirectory = join(tmpdir(), `inventory-bench-${randomUUID()}`);
const server = await startPostgres({ dataDirectory, durable: false });
try {
  const empty = await createDatabase(server.url, 'template_bench');
  const migrator = connect({ kind: 'postgres', url: empty });
  await migrate(migrator, join(import.meta.dirname, '../../prisma/migrations'));
  await migrator.close();

  console.log(`From the request to COMMITTED, medians of ${ROUNDS} rounds (ratios are what counts)`);
  const runs: Measured[] = [];
  for (const lines of sizes) runs.push(await measureSize(lines, Number(given.skus ?? Math.ceil(lines / 3.3))));
  for (const run of runs.slice(1)) {
    const flat = run.plain / run.lines / (runs[0]!.plain / runs[0]!.lines);
    const emulatedFlat = run.emulated / run.lines / (runs[0]!.emulated / runs[0]!.lines);
    console.log(
      `Time per line of ${run.lines} lines over ${runs[0]!.lines}: ${flat.toFixed(2)}x, through the Data API ${emulatedFlat.toFixed(2)}x        goal 1.05x`,
    );
  }
  if (!given.lines) {
    const perLine = (await measureLoop()) / LOOP_LINES;
    const { plain, lines } = runs[0]!;
    console.log(`
  naive Prisma loop         ${ms(perLine * lines)}   ${((perLine * lines) / plain).toFixed(0)}x the run      measured on ${LOOP_LINES} lines, plain PostgreSQL`);
    benchCore();
  }
} finally {
  await server.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}

type Measured = { readonly lines: number; readonly plain: number; readonly emulated: number };

async function measureSize(lines: number, skus: number): Promise<Measured> {
  const template = `filled_${lines}`;
  await fillTemplate(template, { lines, skus });
  const rounds: { plain: Run; emulated: Run }[] = [];
  const program = join(import.meta.dirname, 'one-run.ts');
  const workers = { postgres: fork(program), 'data-api': fork(program) };
  for (let round = 0; round < ROUNDS; round++) {
    const plain = await measure('postgres', workers, template);
    const emulated = await measure('data-api', workers, template);
    rounds.push({ plain, emulated });
    process.stderr.write(
      `${lines} lines, round ${round + 1} of ${ROUNDS}: plain ${ms(plain.time)}, emulated ${ms(emulated.time)}, COPY ${ms(plain.copy)}\n`,
    );
  }
  for (const worker of Object.values(workers)) worker.kill();
  const middle = (read: (round: { plain: Run; emulated: Run }) => number) => median(rounds.map(read));
  const [plain, emulated, copy] = [
    middle((round) => round.plain.time),
    middle((round) => round.emulated.time),
    middle((round) => round.plain.copy),
  ];
  const memory = (read: (round: { plain: Run; emulated: Run }) => number) => `${Math.round(middle(read) / 2 ** 20)} MB`;
  console.log(`
A run of ${lines} lines of ${skus} SKUs
  plain PostgreSQL          ${ms(plain)}   ${(plain / copy).toFixed(1)}x COPY        goal 3x, ${memory((r) => r.plain.peak)}
  through the Data API      ${ms(emulated)}   ${(emulated / copy).toFixed(1)}x COPY        goal 5x, ${memory((r) => r.emulated.peak)}, ${rounds[0]!.emulated.calls} calls
  COPY of its rows          ${ms(copy)}`);
  return { lines, plain, emulated };
}

/** A database with orders and stock that each round begins with a copy of. */
async function fillTemplate(name: string, size: { lines: number; skus: number }): Promise<void> {
  const url = await cloneDatabase(server.url, { template: 'template_bench', name });
  const database = connect({ kind: 'postgres', url: asApplication(url) });
  await fill(database, dataset(size));
  await database.close();
  const administrator = connect({ kind: 'postgres', url });
  await administrator.query({ text: 'VACUUM ANALYZE', values: [] });
  await administrator.close();
}

type Run = { readonly time: number; readonly copy: number; readonly calls: number; readonly peak: number };

type Workers = Readonly<Record<'postgres' | 'data-api', ChildProcess>>;

async function measure(via: keyof Workers, workers: Workers, template: string): Promise<Run> {
  const name = `bench_${Date.now()}`;
  const url = await cloneDatabase(server.url, { template, name });
  const plain = connect({ kind: 'postgres', url: asApplication(url) });
  const emulator = via === 'data-api' ? await startEmulator({ connectionString: asApplication(url) }) : null;
  try {
    const run = await oneRun(
      workers[via],
      emulator
        ? { kind: 'data-api', resourceArn: 'local', secretArn: 'local', database: 'bench', endpoint: emulator.url }
        : { kind: 'postgres', url: asApplication(url) },
    );
    await verify(plain, run.runId);
    const copy = via === 'postgres' ? await copyOfRun(url, run.runId) : 0;
    // The first call only opens the connection.
    return { time: run.milliseconds, copy, calls: (emulator?.stats.calls ?? 1) - 1, peak: run.peakBytes };
  } finally {
    await plain.close();
    await emulator?.close();
    await drop(name);
  }
}

async function oneRun(worker: ChildProcess, config: DatabaseConfig): Promise<OneRun> {
  worker.send(config);
  const [answer] = await Promise.race([once(worker, 'message'), once(worker, 'exit')]);
  if (typeof answer !== 'object') throw new Error(`The worker ended with ${answer}`);
  return answer;
}

/** A run that oversold, lost a unit or a cent does not count. */
async function verify(database: Database, runId: string): Promise<void> {
  const [row] = await database.query({
    text: `SELECT r.status, r.allocated_quantity - (SELECT sum(quantity) FROM allocation_results) AS lost_total,
  r.requested_quantity - (SELECT sum(quantity) FROM order_lines) AS lost_requests,
  (SELECT count(*) FROM inventories WHERE allocated_quantity > remaining_quantity) AS oversold,
  (SELECT sum(allocated_quantity) FROM order_lines) - (SELECT sum(quantity) FROM allocation_results) AS lost_lines,
  (SELECT sum(allocated_quantity) FROM orders) - (SELECT sum(quantity) FROM allocation_results) AS lost_orders,
  (SELECT sum(allocated_quantity) FROM inventories) - (SELECT sum(quantity) FROM allocation_results) AS lost_lots,
  (SELECT sum(pool_value) FROM positions) + (SELECT sum(cost_amount) FROM allocation_results)
    - (SELECT sum(value_delta) FROM movements WHERE kind = 'RECEIPT') AS lost_cents,
  (SELECT count(*) FROM allocation_results) - (SELECT count(*) FROM movements WHERE kind = 'ALLOCATE') AS lost_movements,
  (SELECT count(*) FROM allocation_results) AS results, (SELECT count(*) FROM order_lines) AS lines
FROM allocation_runs r WHERE id = CAST($1 AS uuid)`,
    values: [runId],
  });
  const wrong = Object.entries(row ?? {}).filter(
    ([name, value]) => (name.startsWith('lost') || name === 'oversold') && Number(value) !== 0,
  );
  if (row?.status !== 'COMMITTED' || wrong.length > 0 || Number(row.results) < Number(row.lines) / 2) {
    throw new Error(`The run is not right: ${JSON.stringify(row)}`);
  }
}

/** Milliseconds of the naive loop for `LOOP_LINES` lines. */
async function measureLoop(): Promise<number> {
  const set = dataset({ lines: LOOP_LINES, skus: Math.ceil(LOOP_LINES / 3.3) });
  const url = await cloneDatabase(server.url, { template: 'template_bench', name: 'bench_loop' });
  const database = connect({ kind: 'postgres', url: asApplication(url) });
  try {
    await fill(database, set);
    return await prismaLoop(
      database,
      set.orders.map(({ id }) => id),
    );
  } finally {
    await database.close();
  }
}

async function drop(name: string): Promise<void> {
  const administrator = connect({ kind: 'postgres', url: server.url });
  await administrator.query({ text: `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, values: [] });
  await administrator.close();
}

function asApplication(url: string): string {
  const address = new URL(url);
  address.username = 'inventory_application';
  return address.href;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function ms(time: number): string {
  return `${Math.round(time)} ms`.padStart(9);
}
