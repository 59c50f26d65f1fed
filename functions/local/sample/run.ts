// npm run sample: a real day of orders against stock, allocated by the running API.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { allocationMethods } from '@inventory/models';
import { type AllocationRunResponse, type CompareResponse, scopes } from '@inventory/schemas';
import { SingleBar } from 'cli-progress';
import { stringify } from 'csv-stringify/sync';
import { findServer } from '../data-directory.ts';
import { findSigningKey, issueToken } from '../issuer.ts';
import { readSampleOptions, sampleHelp, UsageError } from '../options.ts';
import { type Client, createClient } from './client.ts';
import { type Day, readDay } from './day.ts';
import { comparisonReport, runReport } from './report.ts';
import { stockFor } from './stock.ts';

const dayOfTheRepository = join(import.meta.dirname, 'online-retail-2010-12-01.csv');

/** What happened on a day is allocated as of its end, so the answer is the same whenever this runs. */
const endOf = ({ date }: Day) => `${date}T23:59:59.999Z`;

try {
  const { help, open, dataDirectory, file } = readSampleOptions(process.argv.slice(2), process.env);
  if (help) console.log(sampleHelp);
  else {
    const client = await connect(dataDirectory);
    const day = readDay(await readFile(file ?? dayOfTheRepository, 'utf8'));
    await importDay(client, day);
    if (open) console.log(`The orders are open. Plan them: ${client.url}/console#/plan?asOf=${day.date}T23:59`);
    else await allocateDay(client, day);
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function allocateDay(client: Client, day: Day): Promise<void> {
  const asOf = endOf(day);
  const orderNumbers = day.orders.map(([first]) => first?.orderNumber ?? '');
  const comparison = await client.post<CompareResponse>('/allocate/compare', {
    orderNumbers,
    methods: allocationMethods,
    locationPriority: ['NORTH', 'SOUTH', 'WEST'],
    asOf,
  });
  const run = await allocate(client, { orderNumbers, allocationMethod: 'FIFO', asOf });
  const again = await allocate(client, { orderNumbers, allocationMethod: 'FIFO', asOf });

  console.log(`\n${runReport(run)}\n`);
  console.log(`All methods, on the stock that this run found:\n${comparisonReport(comparison)}\n`);
  console.log(`A second run gives ${again.totals.allocated}.`);
}

async function importDay(client: Client, day: Day): Promise<void> {
  const lines = day.orders.flat();
  const lots = day.demand.flatMap((demand) => stockFor(demand, day.date));
  console.log(`${day.date}: ${day.orders.length} orders with ${lines.length} lines, ${lots.length} lots.`);

  const bar = new SingleBar({ format: 'Import {bar} {value}/{total} rows', clearOnComplete: true });
  bar.start(lines.length + lots.length, 0);
  let there = 0;
  const importRows = async (path: string, rows: readonly object[]) => {
    if (!(await client.importCsv(path, stringify([...rows], { header: true })))) there += rows.length;
    bar.increment(rows.length);
  };
  try {
    for (const orders of chunks(day.orders, 15)) await importRows('/imports/orders', orders.flat());
    for (const some of chunks(lots, 500)) await importRows('/imports/inventories', some);
  } finally {
    bar.stop();
  }
  if (there > 0) console.log(`${there} rows were there already; \`npm start -- --empty\` begins anew.`);
}

/** A run of over 1,000 lines is worked off in the background: this waits for its end. */
async function allocate(client: Client, request: object): Promise<AllocationRunResponse> {
  const answer = await client.post<{ runId?: string; id?: string }>('/allocate', request);
  const path = `/allocation-runs/${answer.runId ?? answer.id}`;
  const bar = new SingleBar({ format: 'Allocate {bar} {value}/{total} slices', clearOnComplete: true });
  bar.start(1, 0);
  try {
    for (;;) {
      const run = await client.get<AllocationRunResponse>(path);
      if (run.status === 'COMMITTED') return run;
      if (run.status === 'FAILED') throw new Error(`The run has failed: ${path}`);
      bar.setTotal(run.slicesTotal || 1);
      bar.update(run.slicesApplied);
      await wait(100);
    }
  } finally {
    bar.stop();
  }
}

async function connect(dataDirectory: string): Promise<Client> {
  const [server, key] = await Promise.all([findServer(dataDirectory), findSigningKey(dataDirectory)]);
  if (!server?.url || !key) throw new UsageError(`Nothing runs on ${dataDirectory}: \`npm start\` first.`);
  const scope = Object.keys(scopes).join(' ');
  return createClient(server.url, await issueToken(key, { sub: 'sample', scope, ttlSeconds: 3_600, now: new Date() }));
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
