import { type AllocationRun, formatDecimal, type RunSlice, type Shortage } from '@inventory/models';
import { hiddenRowsOf, type Parameters } from '../parameters.ts';
import { packed } from '../stored-answer.ts';
import type { Slice } from './apply.ts';

/** The CTEs that record a run that was decided and applied at once: the run, its shortages, its explanation. */
export function insertRun(run: AllocationRun, bound: Parameters): string[] {
  return [
    `written_run AS (${insertRunRow(run, bound)}, go)`,
    ...insertShortages(
      run.id,
      run.shortages.map((shortage, ordinal) => ({ ordinal, shortage })),
      bound,
    ),
    ...(run.explanation
      ? insertDocument(run.id, 'EXPLANATION', JSON.stringify(run.explanation, textOfBigint), bound)
      : []),
  ];
}

/** INSERT … SELECT of the row of a run, without what it is guarded by. */
export function insertRunRow(run: Omit<AllocationRun, 'shortages' | 'explanation'>, bound: Parameters): string {
  const { strategy, totals } = run;
  const large = run.status === 'PENDING';
  return `INSERT INTO allocation_runs (id, status, allocation_method, pick, cost, sequence, fulfilment, as_of,
    requested_quantity, allocated_quantity, cost_amount, slices_applied, slices_total, created_at, created_by)
  SELECT ${bound.bind(run.id, 'uuid')}, ${bound.bind(run.status, 'text')}, ${bound.bind(strategy.allocationMethod, 'text')},
    ${bound.bind(strategy.pick, 'text')}, ${bound.bind(strategy.cost, 'text')}, ${bound.bind(strategy.sequence, 'text')},
    ${bound.bind(strategy.fulfilment, 'text')}, ${bound.bind(run.asOf, 'timestamptz')},
    ${bound.bind(formatDecimal(totals.requested), 'numeric')}, ${bound.bind(formatDecimal(totals.allocated), 'numeric')},
    ${bound.bind(totals.costAmount, 'bigint')}, ${large ? '0' : 'NULL::integer'}, ${large ? '0' : 'NULL::integer'},
    ${bound.bind(run.createdAt, 'timestamptz')}, ${bound.bind(run.createdBy, 'text')} FROM (SELECT 1) AS one`;
}

/** The CTEs that insert shortages; one that a resumed run finds again replaces the first. */
export function insertShortages(runId: string, shortages: RunSlice['shortages'], bound: Parameters): string[] {
  if (shortages.length === 0) return [];
  return [
    hiddenRowsOf(bound, 'new_shortage', shortages, [
      ['ordinal', 'integer', ({ ordinal }) => ordinal],
      ['order_id', 'uuid', ({ shortage }) => shortage.orderId],
      ['line_number', 'integer', ({ shortage }) => shortage.lineNumber],
      ['requested', 'numeric', ({ shortage }) => formatDecimal(shortage.requested)],
      ['allocated', 'numeric', ({ shortage }) => formatDecimal(shortage.allocated)],
      ['reasons', 'text', ({ shortage }) => reasonsText(shortage)],
    ]),
    `written_shortage AS (
  INSERT INTO shortages (run_id, ordinal, order_id, line_number, requested_quantity, allocated_quantity, reasons)
  SELECT ${bound.bind(runId, 'uuid')}, ordinal, order_id, line_number, requested, allocated, reasons FROM new_shortage, go
  ON CONFLICT (run_id, order_id, line_number) DO UPDATE SET ordinal = excluded.ordinal,
    requested_quantity = excluded.requested_quantity, allocated_quantity = excluded.allocated_quantity,
    reasons = excluded.reasons)`,
  ];
}

const reasonsText = ({ reasons }: Shortage) =>
  reasons.map(({ code, quantity }) => `${code} ${formatDecimal(quantity)}`).join(',');

/** The CTEs that keep a text of any size beside a run. */
export function insertDocument(
  runId: string,
  kind: 'REQUEST' | 'EXPLANATION',
  text: string,
  bound: Parameters,
): string[] {
  const pieces = packed(text).map((data, chunk) => ({ data, chunk }));
  return [
    hiddenRowsOf(bound, 'document', pieces, [
      ['chunk', 'integer', ({ chunk }) => chunk],
      ['data', 'text', ({ data }) => data],
    ]),
    `written_document AS (
  INSERT INTO allocation_run_documents (run_id, kind, chunk_number, data)
  SELECT ${bound.bind(runId, 'uuid')}, ${bound.bind(kind, 'text')}, chunk, data FROM document, go)`,
  ];
}

/**
 * The CTEs that add a slice to its run: its shortages, and the progress, of which only an estimate is known beforehand.
 * Totals are summed when the run ends.
 */
export function addSlice(runId: string, slice: Slice, bound: Parameters): string[] {
  return [
    ...insertShortages(runId, slice.shortages, bound),
    `written_run AS (
  UPDATE allocation_runs SET slices_applied = slices_applied + 1,
    slices_total = greatest(slices_total, slices_applied + 1) FROM go WHERE id = ${bound.bind(runId, 'uuid')})`,
  ];
}

const textOfBigint = (_: string, value: unknown) => (typeof value === 'bigint' ? formatDecimal(value) : value);
