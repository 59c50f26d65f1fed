import {
  type AllocationRun,
  type Decimal,
  type ErrorCode,
  formatDecimal,
  type Instant,
  type RunStatus,
  type Sequence,
  type Strategy,
} from '@inventory/models';
import { type Creation, create, gate } from '../creation.ts';
import { parameters } from '../parameters.ts';
import type { Queryable } from '../queryable.ts';
import { type KeyedAnswer, unpacked } from '../stored-answer.ts';
import { insertDocument, insertRunRow } from './run-statement.ts';

/** Stores a run that is to be worked off in the background, with the request that it is worked off by. */
export async function createRun(
  database: Queryable,
  of: { run: AllocationRun; request: unknown; keyed: KeyedAnswer | null },
): Promise<Creation> {
  const bound = parameters();
  const sources = [
    'duplicate AS (SELECT NULL::text AS number WHERE false)',
    ...gate(of.keyed, bound),
    `written_run AS (${insertRunRow(of.run, bound)}, go)`,
    ...insertDocument(of.run.id, 'REQUEST', JSON.stringify(of.request), bound),
  ];
  return create(database, { sources, bound, keyed: of.keyed, at: of.run.createdAt });
}

export type LargeRun = {
  readonly id: string;
  readonly status: RunStatus;
  readonly strategy: Strategy;
  readonly asOf: Instant;
  readonly createdAt: Instant;
  readonly createdBy: string;
  /** As it was given to `createRun`. */
  readonly request: unknown;
};

/** A stored large run with its request, or null. */
export async function findLargeRun(database: Queryable, runId: string): Promise<LargeRun | null> {
  const pieces: string[] = [];
  for (;;) {
    const bound = parameters();
    const rows = await database.query({
      text: `SELECT r.id, r.status, json_build_object('allocationMethod', allocation_method, 'pick', pick, 'cost', cost,
    'sequence', sequence, 'fulfilment', fulfilment)::text AS strategy, (extract(epoch FROM as_of) * 1000)::bigint AS as_of,
  (extract(epoch FROM created_at) * 1000)::bigint AS created_at, created_by, d.data, (SELECT count(*)
    FROM allocation_run_documents WHERE run_id = r.id AND kind = 'REQUEST') AS pieces
FROM allocation_runs r JOIN allocation_run_documents d ON d.run_id = r.id AND d.kind = 'REQUEST'
WHERE r.id = ${bound.bind(runId, 'uuid')} AND d.chunk_number >= ${bound.bind(pieces.length, 'integer')}
ORDER BY d.chunk_number LIMIT 16`,
      values: bound.values,
    });
    const [row] = rows;
    if (!row) return null;
    pieces.push(...rows.map(({ data }) => String(data)));
    if (pieces.length < Number(row.pieces)) continue;
    return {
      id: String(row.id),
      status: row.status as RunStatus,
      strategy: JSON.parse(String(row.strategy)),
      asOf: new Date(Number(row.as_of)).toISOString(),
      createdAt: new Date(Number(row.created_at)).toISOString(),
      createdBy: String(row.created_by),
      request: JSON.parse(unpacked(pieces)),
    };
  }
}

/** Runs that a worker has still to finish, oldest first: what a queue would deliver again. */
export async function unfinishedRuns(database: Queryable): Promise<string[]> {
  const rows = await database.query({
    text: `SELECT id FROM allocation_runs WHERE status IN ('PENDING', 'RUNNING') ORDER BY id LIMIT 1000`,
    values: [],
  });
  return rows.map(({ id }) => String(id));
}

/** Says that a run is being worked off, and by how many more slices. */
export async function planRun(database: Queryable, runId: string, slices: number): Promise<void> {
  const bound = parameters();
  await database.query({
    text: `UPDATE allocation_runs SET status = 'RUNNING', slices_total = slices_applied + ${bound.bind(slices, 'integer')}
WHERE id = ${bound.bind(runId, 'uuid')} AND status IN ('PENDING', 'RUNNING')`,
    values: bound.values,
  });
}

/** Ends a run: its totals are the sums of what its slices wrote, its shortages stand in the order of its sequence. */
export async function finishRun(
  database: Queryable,
  { id, strategy }: Pick<LargeRun, 'id' | 'strategy'>,
): Promise<void> {
  await numberShortages(database, id, strategy.sequence);
  const bound = parameters();
  const run = bound.bind(id, 'uuid');
  await database.query({
    text: `UPDATE allocation_runs r SET status = 'COMMITTED', slices_total = slices_applied,
  allocated_quantity = w.quantity, cost_amount = w.cost, requested_quantity = w.quantity + s.short
FROM (SELECT coalesce(sum(quantity), 0) AS quantity, coalesce(sum(cost_amount), 0)::bigint AS cost
    FROM allocation_results WHERE run_id = ${run}) w,
  (SELECT coalesce(sum(requested_quantity - allocated_quantity), 0) AS short FROM shortages WHERE run_id = ${run}) s
WHERE r.id = ${run} AND r.status IN ('PENDING', 'RUNNING')`,
    values: bound.values,
  });
}

/** A slice knows the order of its own shortages alone. */
async function numberShortages(database: Queryable, runId: string, sequence: Sequence): Promise<void> {
  for (let from = 0, count = 1; from < count; from += SHORTAGES_PER_CALL) {
    const bound = parameters();
    const [run, first] = [bound.bind(runId, 'uuid'), bound.bind(from, 'bigint')];
    const [row] = await database.query({
      text: `WITH placed AS MATERIALIZED (
  SELECT s.order_id, s.line_number, row_number() OVER (ORDER BY ${sequenceKeys[sequence]}, s.line_number) - 1 AS place
  FROM shortages s JOIN orders o ON o.id = s.order_id WHERE s.run_id = ${run}),
numbered AS (
  UPDATE shortages s SET ordinal = p.place FROM placed p
  WHERE s.run_id = ${run} AND s.order_id = p.order_id AND s.line_number = p.line_number AND s.ordinal <> p.place
    AND p.place >= ${first} AND p.place < ${first} + ${SHORTAGES_PER_CALL})
SELECT count(*) AS count FROM placed`,
      values: bound.values,
    });
    count = Number(row?.count);
  }
}

/** Well within the 40 s of the role's statement_timeout. */
const SHORTAGES_PER_CALL = 200_000;

/** As `inSequence` of the core has it. */
const byPriority = 'o.priority, o.requested_ship_date NULLS LAST, o.ordered_at, o.order_number';
const sequenceKeys: Record<Sequence, string> = {
  PRIORITY: byPriority,
  SHIP_DATE: 'o.requested_ship_date NULLS LAST, o.priority, o.ordered_at, o.order_number',
  ORDER_DATE: 'o.ordered_at, o.order_number',
  PRO_RATA: byPriority,
};

/** Ends a run that was refused as a whole: of what it asked for, it gives nothing. */
export async function failRun(
  database: Queryable,
  runId: string,
  { requested, ...failure }: { readonly code: ErrorCode; readonly detail: string; readonly requested: Decimal },
): Promise<void> {
  const bound = parameters();
  await database.query({
    text: `UPDATE allocation_runs SET status = 'FAILED', failure = ${bound.bind(JSON.stringify(failure), 'text')},
  requested_quantity = ${bound.bind(formatDecimal(requested), 'numeric')}
WHERE id = ${bound.bind(runId, 'uuid')} AND status IN ('PENDING', 'RUNNING')`,
    values: bound.values,
  });
}
