import {
  apply,
  type Database,
  DatabaseError,
  failRun,
  findLargeRun,
  finishRun,
  type LargeRun,
  type Loaded,
  load,
  loadGroup,
  lock,
  planGroups,
  planRun,
  type Queryable,
} from '@inventory/database';
import {
  type AllocationInput,
  allocate,
  DomainError,
  noChange,
  pickRules,
  type RunSlice,
  sliceRun,
} from '@inventory/models';
import { AllocationRequest } from '@inventory/schemas';
import { inputOf, type Plan, planOf, withPicksOf } from '../allocation/plan.ts';
import type { Settings } from '../http/use-case.ts';
import { Written } from './written.ts';

/** Half a second to write, and mostly below 3 MB. */
const ROWS_PER_SLICE = 20_000;

export type Work = {
  readonly database: Database;
  readonly settings: Settings;
  readonly newId: () => string;
  /** The server's clock in milliseconds. */
  readonly now: () => number;
  /** Lines, results and shortages of a slice: at most about a second to write, and the 4 MiB of one request of the Data API. */
  readonly rowsPerSlice?: number;
  /** By the clock of `now`: no slice begins after it. The run is as it is then, and the next worker goes on. */
  readonly stopAt?: number;
};

/** The time of this worker is over before the run is done. */
export class RunInterrupted extends Error {
  override name = 'RunInterrupted';
}

/**
 * Works off a stored run, or goes on where another worker stopped. Safe to call again at any moment: what is written is
 * known by its slice, and what has moved is planned again. Throws RunInterrupted at `stopAt`.
 */
export async function workOff(runId: string, work: Work): Promise<void> {
  const run = await findLargeRun(work.database, runId);
  if (!run || (run.status !== 'PENDING' && run.status !== 'RUNNING')) return;
  const request = AllocationRequest.parse(run.request);
  const plan = planOf(
    { ...request, asOf: run.asOf },
    { strategy: run.strategy, now: run.createdAt, settings: work.settings },
  );
  const job: Job = { ...work, run, plan, failOnShortage: request.onShortage === 'FAIL' };
  try {
    if (job.failOnShortage || run.strategy.fulfilment === 'ORDER_COMPLETE') await atOnce(job);
    else await partByPart(job);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'RETRY_LATER') throw error;
    await failRun(work.database, runId, { code: error.code, detail: error.message, requested: 0n });
  }
}

type Job = Work & { readonly run: LargeRun; readonly plan: Plan; readonly failOnShortage: boolean };

/** Part of a run that is decided by itself. `besides` are slices of which it is known that they are of other parts. */
type Part = {
  readonly read: (database: Queryable, besides?: readonly string[]) => Promise<Loaded>;
  readonly isWhole: boolean;
};

/**
 * SKUs are independent where lines may be filled in part: any number of them is a valid state. So the run goes by groups
 * of SKUs, and is never in memory but for three of them. Picks are checked all together before any of them is taken.
 */
async function partByPart(job: Job): Promise<void> {
  const { database, run, plan, rowsPerSlice = ROWS_PER_SLICE } = job;
  if (pickRules[run.strategy.pick].choice === 'NAMED') {
    await writeParts(job, [{ read: (connection) => readWhole(job, connection), isWhole: true }]);
    return finishRun(database, run);
  }
  for (;;) {
    const scope = { unfinishedOf: run.id };
    const { groups, areAll } = await planGroups(database, {
      choice: plan.choice,
      reach: reachOf(job),
      scope,
      rowsPerSlice,
    });
    const parts = groups.map(
      (group): Part => ({
        read: (database, besides = []) =>
          loadGroup(database, { choice: plan.choice, reach: reachOf(job), group, scope: { ...scope, besides } }),
        isWhole: false,
      }),
    );
    await writeParts(job, parts);
    if (areAll) return finishRun(database, run);
  }
}

async function writeParts(job: Job, parts: readonly Part[]): Promise<void> {
  for (let next = 0; next < parts.length; next++) {
    next += await writeAhead(job, parts.slice(next));
    const moved = parts[next];
    if (moved) await writeMoved(job, moved);
  }
}

/**
 * Writes parts, each while the next one is read and decided. Returns how many are written: all, or those before the first
 * that needs another way, since what it relied on has moved or since it has to be written at once.
 */
async function writeAhead(job: Job, parts: readonly Part[]): Promise<number> {
  const written = new Written();
  const decide = (part: Part | undefined) =>
    handled(part?.read(job.database, [...written.sliceIds]).then((loaded) => slicesOf(job, loaded)));
  let deciding = decide(parts[0]);
  let writing = handled(Promise.resolve(true));
  try {
    for (const [index, { isWhole }] of parts.entries()) {
      const slices = await deciding;
      if (!slices) break;
      deciding = decide(parts[index + 1]);
      if (isWhole) await planRun(job.database, job.run.id, slices.length);
      if (!(await writing)) return index - 1;
      if (isSharedInPieces(job, slices)) return index;
      written.beginPart();
      writing = handled(writeSlices(job, job.database, slices, written));
    }
    return (await writing) ? parts.length : parts.length - 1;
  } finally {
    await Promise.allSettled([deciding, writing]);
  }
}

/** The same promise, whose failure is heard when it is awaited and not before. */
function handled<Result>(promise: Promise<Result> | undefined): Promise<Result> | undefined {
  promise?.catch(() => {});
  return promise;
}

/** What has moved is decided once more; what moves again, or is shared out, is locked first. */
async function writeMoved(job: Job, { read }: Part): Promise<void> {
  const isShared = job.run.strategy.sequence === 'PRO_RATA';
  if (!isShared && (await writeSlices(job, job.database, slicesOf(job, await read(job.database))))) return;
  await underLock(job, read, (transaction, loaded) => writeAll(job, transaction, slicesOf(job, loaded)));
}

/** Part of a SKU without its end: what went on from there would share out the rest a second time (product.md 5). */
const isSharedInPieces = ({ run }: Job, slices: readonly RunSlice[]) =>
  run.strategy.sequence === 'PRO_RATA' && slices.some(({ change, skus }) => change.positions.length > skus.length);

/** The whole run in one transaction. */
async function atOnce(job: Job): Promise<void> {
  const { database, run } = job;
  const failed = await underLock(
    job,
    (connection) => readWhole(job, connection),
    async (transaction, loaded) => {
      const input = inputFor(job, loaded);
      const allocation = allocate(input);
      if (job.failOnShortage && allocation.shortages.length > 0) {
        const shortages = allocation.shortages.map((shortage, ordinal) => ({ ordinal, shortage }));
        await writeSlice(job, transaction, { id: job.newId(), change: noChange, shortages, skus: [] });
        return { lines: allocation.shortages.length, requested: allocation.totals.requested };
      }
      const slices = sliceRun(input, allocation, job.rowsPerSlice ?? ROWS_PER_SLICE);
      await planRun(transaction, run.id, slices.length);
      await writeAll(job, transaction, slices);
      await finishRun(transaction, run);
      return null;
    },
  );
  if (failed) {
    const detail = `${failed.lines} lines would be short; nothing was allocated`;
    await failRun(database, run.id, { code: 'INSUFFICIENT_STOCK', detail, requested: failed.requested });
  }
}

/** In one transaction that first locks what it reads: it cannot lose. */
async function underLock<Result>(
  { database }: Job,
  read: (database: Queryable) => Promise<Loaded>,
  work: (transaction: Queryable, loaded: Loaded) => Promise<Result>,
): Promise<Result> {
  const before = await read(database);
  return database.transaction(async (transaction) => {
    await lock(transaction, {
      orderIds: before.orders.map(({ id }) => id),
      skus: before.stock.positions.map(({ sku }) => sku),
    });
    return work(transaction, await read(transaction));
  });
}

const readWhole = (job: Job, database: Queryable): Promise<Loaded> =>
  load(database, {
    choice: job.plan.choice,
    reach: reachOf(job),
    idempotencyKey: null,
    scope: { unfinishedOf: job.run.id },
  });

const reachOf = ({ plan, now }: Job) => ({ ...plan.reach, now: new Date(now()).toISOString() });

/** A filter no longer chooses the orders that are filled by now, be it by this run: what is named for them is done with. */
function inputFor({ plan, run, settings, newId }: Job, loaded: Loaded): AllocationInput {
  const chosen = new Set(loaded.orders.map(({ id }) => id));
  const left = 'filter' in plan.choice ? withPicksOf(plan, (orderId) => chosen.has(orderId)) : plan;
  return inputOf(left, { strategy: run.strategy, loaded, settings, newId });
}

function slicesOf(job: Job, loaded: Loaded): RunSlice[] {
  const input = inputFor(job, loaded);
  return sliceRun(input, allocate(input), job.rowsPerSlice ?? ROWS_PER_SLICE);
}

async function writeAll(job: Job, transaction: Queryable, slices: readonly RunSlice[]): Promise<void> {
  if (!(await writeSlices(job, transaction, slices))) throw new DomainError('RETRY_LATER', 'The orders have changed');
}

/** True when all are written; false after the first that relied on what has moved. */
async function writeSlices(
  job: Job,
  database: Queryable,
  slices: readonly RunSlice[],
  written = new Written(),
): Promise<boolean> {
  for (const slice of slices) {
    if (job.stopAt !== undefined && job.now() >= job.stopAt) throw new RunInterrupted(`Run ${job.run.id} is not done`);
    const next = { ...slice, id: job.newId(), change: written.onTop(slice.change) };
    if (!(await writeSlice(job, database, next))) return false;
    written.add(next);
  }
  return true;
}

async function writeSlice(
  { run, now }: Job,
  database: Queryable,
  { change, ...slice }: RunSlice & { readonly id: string },
): Promise<boolean> {
  const what = {
    change,
    run: { kind: 'SLICE', runId: run.id, asOf: run.asOf, slice } as const,
    actor: run.createdBy,
    at: new Date(now()).toISOString(),
    allocatedAt: run.asOf,
    keyed: null,
  };
  try {
    return (await apply(database, what)).kind !== 'MOVED';
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'WRITE_CONFLICT') return false;
    // The reply is lost, not the slice: sent again it finds itself, or is written now.
    if (error instanceof DatabaseError && error.kind === 'UNAVAILABLE')
      return (await apply(database, what)).kind !== 'MOVED';
    throw error;
  }
}
