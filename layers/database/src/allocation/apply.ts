import {
  type AllocationRun,
  type Change,
  formatDecimal,
  type Instant,
  type NewResult,
  type RunSlice,
} from '@inventory/models';
import { type Column, hiddenRowsOf, type Parameters, parameters, rowsOf } from '../parameters.ts';
import type { Queryable, Statement } from '../queryable.ts';
import { type KeyedAnswer, storeAnswer } from '../stored-answer.ts';
import { addSlice, insertRun } from './run-statement.ts';

/** What a writer hands over to be written as one. */
export type Write = {
  readonly change: Change;
  /** The run to record: whole for one that is answered at once, or a slice of a large one. Null for ship and release. */
  readonly run: RunRecord | null;
  readonly actor: string;
  readonly at: Instant;
  /** When new allocations count for the books (`AllocationInput.effectiveAt`); null where there are none. */
  readonly allocatedAt: Instant | null;
  readonly keyed: KeyedAnswer | null;
};

export type RunRecord =
  | { readonly kind: 'WHOLE'; readonly run: AllocationRun }
  | { readonly kind: 'SLICE'; readonly runId: string; readonly asOf: Instant; readonly slice: Slice };

/** A part of a large run, applied by one statement; its id makes a repetition harmless. */
export type Slice = Omit<RunSlice, 'change'> & { readonly id: string };

/** Written; or nothing written, since what the change relied on has moved, or an equal request came first. */
export type Outcome =
  | { readonly kind: 'APPLIED' }
  | { readonly kind: 'MOVED'; readonly orders: readonly string[]; readonly skus: readonly string[] }
  | { readonly kind: 'REPEATED' };

/**
 * Writes a change in one statement, or nothing: locks the orders by id, then the positions by SKU, compares the revisions
 * and versions that the change relied on, stores the key with its answer, and only then writes the rest, set by set.
 * It knows no business rule; the CHECKs of the tables are a second wall.
 */
export async function apply(database: Queryable, write: Write): Promise<Outcome> {
  const rows = await database.query(applyStatement(write));
  if (rows.some(({ outcome }) => outcome === 'APPLIED')) return { kind: 'APPLIED' };
  if (rows.some(({ outcome }) => outcome === 'REPEATED')) return { kind: 'REPEATED' };
  const named = (outcome: string) => rows.filter((row) => row.outcome === outcome).map(({ name }) => String(name));
  const [orders, skus] = [named('ORDER'), named('SKU')];
  return orders.length + skus.length > 0 ? { kind: 'MOVED', orders, skus } : { kind: 'REPEATED' };
}

export function applyStatement({ change, run, actor, at, allocatedAt, keyed }: Write): Statement {
  const bound = parameters();
  const writer: Writer = { bound, change, allocatedAt, actor, at };
  const gate = keyed ? 'keyed' : run?.kind === 'SLICE' ? 'new_slice' : null;
  const sources = [
    ...locks(writer),
    ...(keyed ? storeAnswer(keyed, 'NOT EXISTS (SELECT 1 FROM moved)', bound) : []),
    ...(run?.kind === 'SLICE' ? newSlice(run.runId, run.slice, bound) : []),
    `go AS MATERIALIZED (SELECT 1 ${gate ? `FROM ${gate}` : 'WHERE NOT EXISTS (SELECT 1 FROM moved)'})`,
    ...counters(writer),
    ...results(writer, run),
    ...movements(writer),
    ...(run?.kind === 'WHOLE' ? insertRun(run.run, bound) : []),
    ...(run?.kind === 'SLICE' ? addSlice(run.runId, run.slice, bound) : []),
  ];
  return {
    text: `WITH ${sources.join(',\n')}
SELECT 'APPLIED' AS outcome, NULL::text AS name FROM go
UNION ALL (SELECT kind, name FROM moved LIMIT 5000)
${run?.kind === 'SLICE' ? "UNION ALL SELECT 'REPEATED', NULL FROM known_slice" : ''}`,
    values: bound.values,
  };
}

type Writer = {
  readonly bound: Parameters;
  readonly change: Change;
  readonly allocatedAt: Instant | null;
  readonly actor: string;
  readonly at: Instant;
};

function locks({ bound, change }: Writer): string[] {
  return [
    hiddenRowsOf(bound, 'want_order', change.orders, [
      ['id', 'uuid', ({ id }) => id],
      ['revision', 'bigint', ({ revision }) => revision],
      ...quantityColumns,
    ]),
    `locked_order AS MATERIALIZED (
  SELECT o.id, o.revision, w.revision AS expected FROM want_order w JOIN orders o USING (id) ORDER BY o.id FOR UPDATE OF o)`,
    hiddenRowsOf(bound, 'want_position', change.positions, [
      ['sku', 'text', ({ sku }) => sku],
      ['version', 'bigint', ({ version }) => version],
      ['moves', 'boolean', ({ moves }) => moves],
      ['pool_quantity', 'numeric', ({ poolQuantityDelta }) => formatDecimal(poolQuantityDelta)],
      ['pool_value', 'bigint', ({ poolValueDelta }) => poolValueDelta],
    ]),
    // The count makes the positions wait for the orders: always in that order, so that no two writers deadlock.
    `locked_position AS MATERIALIZED (
  SELECT p.sku, p.version, w.version AS expected FROM want_position w JOIN positions p USING (sku)
  WHERE (SELECT count(*) FROM locked_order) >= 0 ORDER BY p.sku FOR UPDATE OF p)`,
    // No join: of hidden rows each would be compared with each.
    `moved AS MATERIALIZED (
  SELECT 'ORDER' AS kind, id::text AS name FROM locked_order WHERE revision <> expected
  UNION ALL
  SELECT 'ORDER', id::text FROM want_order WHERE id NOT IN (SELECT id FROM locked_order)
  UNION ALL
  SELECT 'SKU', sku FROM locked_position WHERE version <> expected
  UNION ALL
  SELECT 'SKU', sku FROM want_position WHERE version <> 0 AND sku NOT IN (SELECT sku FROM locked_position))`,
  ];
}

function newSlice(runId: string, slice: Slice, bound: Parameters): string[] {
  const [run, id] = [bound.bind(runId, 'uuid'), bound.bind(slice.id, 'uuid')];
  return [
    `known_slice AS (SELECT 1 FROM allocation_run_slices WHERE run_id = ${run} AND slice_id = ${id})`,
    `new_slice AS (
  INSERT INTO allocation_run_slices (run_id, slice_id, skus)
  SELECT ${run}, ${id}, ${bound.bind(slice.skus, 'text[]')} WHERE NOT EXISTS (SELECT 1 FROM moved)
  ON CONFLICT DO NOTHING RETURNING 1)`,
  ];
}

const quantityColumns: readonly Column<Change['orderLines'][number]>[] = [
  ['allocated', 'numeric', ({ allocatedDelta }) => formatDecimal(allocatedDelta)],
  ['shipped', 'numeric', ({ shippedDelta }) => formatDecimal(shippedDelta)],
  ['cancelled', 'numeric', ({ cancelledDelta }) => formatDecimal(cancelledDelta)],
];
const addQuantities = `allocated_quantity = allocated_quantity + w.allocated,
    shipped_quantity = shipped_quantity + w.shipped, cancelled_quantity = cancelled_quantity + w.cancelled`;

function counters({ bound, change }: Writer): string[] {
  const sources: string[] = [];
  if (change.orderLines.length > 0) {
    sources.push(
      `written_order AS (
  UPDATE orders o SET revision = o.revision + 1, ${addQuantities} FROM want_order w, go
  WHERE o.id = w.id AND (w.allocated <> 0 OR w.shipped <> 0 OR w.cancelled <> 0))`,
      hiddenRowsOf(bound, 'want_line', change.orderLines, [['id', 'uuid', ({ id }) => id], ...quantityColumns]),
      `written_line AS (UPDATE order_lines l SET ${addQuantities} FROM want_line w, go WHERE l.id = w.id)`,
    );
  }
  if (change.positions.some(({ moves }) => moves)) {
    sources.push(`written_position AS (
  UPDATE positions p SET version = p.version + 1, pool_quantity = p.pool_quantity + w.pool_quantity,
    pool_value = p.pool_value + w.pool_value
  FROM want_position w, go WHERE p.sku = w.sku AND w.moves)`);
  }
  if (change.lots.length > 0) {
    sources.push(
      hiddenRowsOf(bound, 'want_lot', change.lots, [
        ['id', 'uuid', ({ id }) => id],
        ['remaining', 'numeric', ({ remainingDelta }) => formatDecimal(remainingDelta)],
        ['allocated', 'numeric', ({ allocatedDelta }) => formatDecimal(allocatedDelta)],
        ['value', 'bigint', ({ openValueDelta }) => openValueDelta],
      ]),
      `written_lot AS (
  UPDATE inventories i SET remaining_quantity = remaining_quantity + w.remaining,
    allocated_quantity = allocated_quantity + w.allocated, open_value = open_value + w.value
  FROM want_lot w, go WHERE i.id = w.id)`,
    );
  }
  if (change.reservationsConverted.length > 0) {
    sources.push(`converted AS (
  UPDATE reservations SET status = 'CONVERTED' FROM go
  WHERE id IN (SELECT id FROM unnest(${bound.bind(change.reservationsConverted, 'uuid[]')}) AS c(id)))`);
  }
  return sources;
}

const resultColumns: readonly Column<NewResult>[] = [
  ['id', 'uuid', ({ id }) => id],
  ['order_id', 'uuid', ({ orderId }) => orderId],
  ['order_line_id', 'uuid', ({ orderLineId }) => orderLineId],
  ['line_number', 'integer', ({ lineNumber }) => lineNumber],
  ['inventory_id', 'uuid', ({ inventoryId }) => inventoryId],
  ['sku', 'text', ({ sku }) => sku],
  ['location', 'text', ({ location }) => location],
  ['quantity', 'numeric', ({ quantity }) => formatDecimal(quantity)],
  ['lot_unit_cost', 'numeric', ({ lotUnitCost }) => formatDecimal(lotUnitCost)],
  ['cost_amount', 'bigint', ({ costAmount }) => costAmount],
  ['costing', 'text', ({ costing }) => costing],
];

function results({ bound, change, at }: Writer, run: RunRecord | null): string[] {
  const sources: string[] = [];
  if (change.results.length > 0) {
    if (!run) throw new Error('New results belong to a run');
    const [runId, asOf] = run.kind === 'WHOLE' ? [run.run.id, run.run.asOf] : [run.runId, run.asOf];
    const names = resultColumns.map(([name]) => name).join(', ');
    sources.push(
      hiddenRowsOf(bound, 'new_result', change.results, resultColumns),
      `written_result AS (
  INSERT INTO allocation_results (${names}, run_id, status, as_of, created_at)
  SELECT ${names}, ${bound.bind(runId, 'uuid')}, 'ALLOCATED', ${bound.bind(asOf, 'timestamptz')}, ${bound.bind(at, 'timestamptz')} FROM new_result, go)`,
    );
  }
  if (change.resultUpdates.length > 0) {
    sources.push(
      rowsOf(bound, 'result_update', change.resultUpdates, resultUpdateColumns),
      `updated_result AS (
  UPDATE allocation_results r SET quantity = w.quantity, cost_amount = w.cost_amount, status = w.status,
    shipped_at = w.shipped_at, released_at = w.released_at
  FROM result_update w, go WHERE r.id = w.id)`,
    );
  }
  if (change.resultParts.length > 0) {
    sources.push(
      rowsOf(bound, 'result_part', change.resultParts, [
        ...resultUpdateColumns,
        ['split_from', 'uuid', (part) => ('from' in part ? String(part.from) : null)],
      ]),
      `split_result AS (
  INSERT INTO allocation_results (id, run_id, order_id, order_line_id, line_number, inventory_id, sku, location, quantity,
    lot_unit_cost, cost_amount, costing, status, as_of, created_at, shipped_at, released_at, split_from)
  SELECT w.id, r.run_id, r.order_id, r.order_line_id, r.line_number, r.inventory_id, r.sku, r.location, w.quantity,
    r.lot_unit_cost, w.cost_amount, r.costing, w.status, r.as_of, r.created_at, w.shipped_at, w.released_at, r.id
  FROM result_part w JOIN allocation_results r ON r.id = w.split_from, go)`,
    );
  }
  return sources;
}

const resultUpdateColumns: readonly Column<Change['resultUpdates'][number]>[] = [
  ['id', 'uuid', ({ id }) => id],
  ['quantity', 'numeric', ({ quantity }) => formatDecimal(quantity)],
  ['cost_amount', 'bigint', ({ costAmount }) => costAmount],
  ['status', 'text', ({ status }) => status],
  ['shipped_at', 'timestamptz', ({ shippedAt }) => shippedAt],
  ['released_at', 'timestamptz', ({ releasedAt }) => releasedAt],
];

function movements({ bound, change, allocatedAt, actor, at }: Writer): string[] {
  const columns = 'kind, sku, inventory_id, quantity_delta, value_delta, reference, effective_at';
  const selects: string[] = [];
  const sources: string[] = [];
  if (change.results.length > 0) {
    const effectiveAt = bound.bind(allocatedAt, 'timestamptz');
    selects.push(`SELECT 'ALLOCATE', sku, inventory_id, -quantity, -cost_amount, id, ${effectiveAt} FROM new_result`);
  }
  if (change.movements.length > 0) {
    sources.push(
      hiddenRowsOf(bound, 'new_movement', change.movements, [
        ['kind', 'text', ({ kind }) => kind],
        ['sku', 'text', ({ sku }) => sku],
        ['inventory_id', 'uuid', ({ inventoryId }) => inventoryId],
        ['quantity_delta', 'numeric', ({ quantityDelta }) => formatDecimal(quantityDelta)],
        ['value_delta', 'bigint', ({ valueDelta }) => valueDelta],
        ['reference', 'uuid', ({ reference }) => reference],
        ['effective_at', 'timestamptz', ({ effectiveAt }) => effectiveAt],
      ]),
    );
    selects.push(`SELECT ${columns} FROM new_movement`);
  }
  if (selects.length === 0) return [];
  return [
    ...sources,
    `written_movement AS (
  INSERT INTO movements (${columns}, actor, at)
  SELECT entry.*, ${bound.bind(actor, 'text')}, ${bound.bind(at, 'timestamptz')} FROM (${selects.join(' UNION ALL ')}) AS entry(${columns}), go)`,
  ];
}
