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
  lock,
  planRun,
  type Queryable,
  type Slice,
} from '@inventory/database';
import { type AllocationInput, allocate, DomainError, noChange, type RunSlice, sliceRun } from '@inventory/models';
import { AllocationRequest } from '@inventory/schemas';
import { inputOf, type Plan, planOf, withPicksOf } from '../allocation/plan.ts';
import type { Settings } from '../http/use-case.ts';

const ROWS_PER_SLICE = 10_000;

/** Rounds that plan again, without a lock, what has moved since the round before. */
const OPTIMISTIC_ROUNDS = 3;

export type Work = {
  readonly database: Database;
  readonly settings: Settings;
  readonly newId: () => string;
  /** The server's clock in milliseconds. */
  readonly now: () => number;
  /** About a second to write, and well below the 4 MiB of one request of the Data API. */
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
    else await sliceBySlice(job);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'RETRY_LATER') throw error;
    await failRun(work.database, runId, { code: error.code, detail: error.message, requested: 0n });
  }
}

type Job = Work & { readonly run: LargeRun; readonly plan: Plan; readonly failOnShortage: boolean };

/** SKUs are independent where lines may be filled in part: any number of slices is a valid state. */
async function sliceBySlice(job: Job): Promise<void> {
  const { database, run } = job;
  for (let round = 0; round < OPTIMISTIC_ROUNDS; round++) {
    const slices = plannedSlices(job, await loadOpen(job, database), round);
    if (slices.length === 0) return finishRun(database, run.id);
    if (run.strategy.sequence === 'PRO_RATA' && slices.some(isCut)) break;
    await planRun(database, run.id, slices.length);
    const allWritten = await writeSlices(job, database, slices);
    if (allWritten) return finishRun(database, run.id);
  }
  await atOnce(job);
}

/** Part of a SKU without its end: what went on from there would share out the rest a second time (product.md 5). */
const isCut = ({ change, skus }: RunSlice) => change.positions.length > skus.length;

/** Everything that is left in one transaction, under locks that are taken first: it cannot lose. */
async function atOnce(job: Job): Promise<void> {
  const { database, run } = job;
  const before = await loadOpen(job, database);
  const failed = await database.transaction(async (transaction) => {
    await lock(transaction, {
      orderIds: before.orders.map(({ id }) => id),
      skus: before.stock.positions.map(({ sku }) => sku),
    });
    const loaded = await loadOpen(job, transaction);
    const input = inputFor(job, loaded);
    const allocation = allocate(input);
    if (job.failOnShortage && allocation.shortages.length > 0) {
      const shortages = allocation.shortages.map((shortage, ordinal) => ({ ordinal, shortage }));
      await writeSlice(job, transaction, { change: noChange, shortages, skus: [] });
      return { lines: allocation.shortages.length, requested: allocation.totals.requested };
    }
    const slices = sliceRun(input, allocation, job.rowsPerSlice ?? ROWS_PER_SLICE);
    await planRun(transaction, run.id, slices.length);
    if (!(await writeSlices(job, transaction, slices))) throw new DomainError('RETRY_LATER', 'The orders have changed');
    await finishRun(transaction, run.id);
    return null;
  });
  if (failed) {
    const detail = `${failed.lines} lines would be short; nothing was allocated`;
    await failRun(database, run.id, { code: 'INSUFFICIENT_STOCK', detail, requested: failed.requested });
  }
}

const loadOpen = ({ plan, run, now }: Job, database: Queryable): Promise<Loaded> =>
  load(database, {
    choice: plan.choice,
    reach: { ...plan.reach, now: new Date(now()).toISOString() },
    idempotencyKey: null,
    scope: { unfinishedOf: run.id },
  });

/** A filter no longer chooses the orders that are filled by now, be it by this run: what is named for them is done with. */
function inputFor({ plan, run, settings, newId }: Job, loaded: Loaded): AllocationInput {
  const chosen = new Set(loaded.orders.map(({ id }) => id));
  const left = 'filter' in plan.choice ? withPicksOf(plan, (orderId) => chosen.has(orderId)) : plan;
  return inputOf(left, { strategy: run.strategy, loaded, settings, newId });
}

function plannedSlices(job: Job, loaded: Loaded, round: number): RunSlice[] {
  const input = inputFor(job, loaded);
  const place = round * 10_000_000;
  return sliceRun(input, allocate(input), job.rowsPerSlice ?? ROWS_PER_SLICE).map((slice) => ({
    ...slice,
    shortages: slice.shortages.map(({ ordinal, shortage }) => ({ ordinal: place + ordinal, shortage })),
  }));
}

/** True when all are written; one that relied on what has moved is left for the next round. */
async function writeSlices(job: Job, database: Queryable, slices: readonly RunSlice[]): Promise<boolean> {
  const written = new Map<string, number>();
  const skipped = new Set<string>();
  for (const slice of slices) {
    if (job.stopAt !== undefined && job.now() >= job.stopAt) throw new RunInterrupted(`Run ${job.run.id} is not done`);
    // The next part of a SKU relies on the one before.
    const ready = slice.change.positions.every(({ sku }) => !skipped.has(sku));
    if (ready && (await writeSlice(job, database, shifted(slice, written)))) {
      for (const { id, allocatedDelta } of slice.change.orders) {
        if (allocatedDelta !== 0n) written.set(id, (written.get(id) ?? 0) + 1);
      }
    } else {
      for (const { sku } of slice.change.positions) skipped.add(sku);
    }
  }
  return skipped.size === 0;
}

/** Orders have moved by each slice that was written to them. */
const shifted = (slice: RunSlice, written: ReadonlyMap<string, number>): RunSlice => ({
  ...slice,
  change: {
    ...slice.change,
    orders: slice.change.orders.map((order) => ({ ...order, revision: order.revision + (written.get(order.id) ?? 0) })),
  },
});

async function writeSlice(
  { run, now, newId }: Job,
  database: Queryable,
  { change, ...rest }: RunSlice,
): Promise<boolean> {
  const slice: Slice = { ...rest, id: newId() };
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
