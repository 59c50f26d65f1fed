import type { RunStatus, Strategy } from '@inventory/models';
import type { PageRequest } from './page.ts';
import { parameters } from './parameters.ts';
import type { Statement } from './queryable.ts';

/** What a row of a run tells, in the order in which they come. */
export const runParts = { run: 0, explanation: 1, shortage: 2 } as const;

/** The last row of an answer that was cut off: the next begins behind it. */
export type RunPlace = { readonly part: number; readonly place: string };

/** Times are epoch milliseconds, quantities and amounts texts. */
export type RunRow = {
  readonly id: string;
  readonly strategy: Strategy;
  readonly asOf: number;
  readonly status: RunStatus;
  readonly requested: string;
  readonly allocated: string;
  readonly costAmount: string;
  readonly slicesApplied: number;
  readonly slicesTotal: number;
  readonly failure: string | null;
  readonly createdAt: number;
  readonly createdBy: string;
};
export type ShortageRow = [orderId: string, lineNumber: number, requested: string, allocated: string, reasons: string];

/** An answer of the Data API holds 1 MiB: the text of the rows and what wraps each. */
const BYTES_PER_ANSWER = 800_000;
const BYTES_PER_ROW = 170;

/**
 * A run, its explanation in pieces, its shortages in the order of the run; `total` counts the rows that there are. A run
 * that is being worked off has no shortages yet, as it has no totals: callers ask often how far it is.
 */
export function runStatement(id: string, behind: RunPlace | null): Statement {
  const bound = parameters();
  const run = bound.bind(id, 'uuid');
  const from = behind && `(${bound.bind(behind.part, 'integer')}, ${bound.bind(behind.place, 'text')} COLLATE "C")`;
  return {
    text: `WITH piece (part, place, data) AS (
  SELECT ${runParts.run}, '', ${runData} FROM allocation_runs WHERE id = ${run}
  UNION ALL
  SELECT ${runParts.explanation}, to_char(chunk_number, 'FM0000000000'), data FROM allocation_run_documents
  WHERE run_id = ${run} AND kind = 'EXPLANATION'
  UNION ALL
  SELECT ${runParts.shortage}, to_char(ordinal, 'FM0000000000') || order_id || to_char(line_number, 'FM0000000000'),
    json_build_array(order_id, line_number, requested_quantity::text, allocated_quantity::text, reasons)::text
  FROM shortages WHERE run_id = ${run}
    AND EXISTS (SELECT FROM allocation_runs WHERE id = ${run} AND status IN ('COMMITTED', 'FAILED'))),
measured AS (
  SELECT *, count(*) OVER () AS total, sum(octet_length(data) + ${BYTES_PER_ROW})
    OVER (ORDER BY part, place COLLATE "C" ROWS UNBOUNDED PRECEDING) AS bytes
  FROM piece ${from ? `WHERE (part, place COLLATE "C") > ${from}` : ''})
SELECT part, place, data, total FROM measured WHERE bytes <= ${BYTES_PER_ANSWER} ORDER BY part, place COLLATE "C"`,
    values: bound.values,
  };
}

/** Runs of a page, newest first, and one more. */
export function runsStatement({ limit, after }: PageRequest): Statement {
  const bound = parameters();
  return {
    text: `SELECT ${runData} AS data FROM allocation_runs
${after ? `WHERE id < ${bound.bind(after, 'uuid')}` : ''} ORDER BY id DESC LIMIT ${bound.bind(limit + 1, 'integer')}`,
    values: bound.values,
  };
}

const epoch = (column: string) => `(extract(epoch FROM ${column}) * 1000)::bigint`;

const runData = `json_build_object('id', id, 'strategy', json_build_object('allocationMethod', allocation_method,
    'pick', pick, 'cost', cost, 'sequence', sequence, 'fulfilment', fulfilment), 'asOf', ${epoch('as_of')}, 'status', status,
  'requested', requested_quantity::text, 'allocated', allocated_quantity::text, 'costAmount', cost_amount::text,
  'slicesApplied', coalesce(slices_applied, 0), 'slicesTotal', coalesce(slices_total, 0), 'failure', failure,
  'createdAt', ${epoch('created_at')}, 'createdBy', created_by)::text`;
