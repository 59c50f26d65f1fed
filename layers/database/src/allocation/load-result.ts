import {
  type AllocationResult,
  type Costing,
  type Instant,
  type LocalDate,
  type LotStatus,
  type Month,
  parseDecimal,
  type ResultStatus,
} from '@inventory/models';
import type { Answer } from '../idempotency.ts';
import { parameters } from '../parameters.ts';
import type { Queryable } from '../queryable.ts';
import { type StoredChunk, storedAnswer } from '../stored-answer.ts';

/** A result with all that shipping or releasing it relies on; `answer` is that of an earlier equal request. */
export type LoadedResult = {
  readonly answer: { readonly requestHash: string; readonly answer: Answer } | null;
  /** Null where there is no result of that id. */
  readonly found: {
    readonly result: AllocationResult & { readonly asOf: Instant };
    readonly order: { readonly id: string; readonly revision: number };
    readonly positionVersion: number;
    readonly lot: { readonly status: LotStatus; readonly expiresOn: LocalDate | null };
    /** The last closed month; null while every month is open. */
    readonly closedThrough: Month | null;
  } | null;
};

/** Reads a result, its order's revision, its lot and its SKU's version in one statement, and the stored answer of a key. */
export async function loadResult(
  database: Queryable,
  of: { resultId: string; idempotencyKey: string | null; now: Instant },
): Promise<LoadedResult> {
  const bound = parameters();
  const answer = of.idempotencyKey
    ? `UNION ALL (SELECT 'ANSWER', json_build_array(chunk_number, chunk_count, request_hash, status, headers, data)::text
FROM idempotency_keys WHERE key = ${bound.bind(of.idempotencyKey, 'text')}
  AND created_at > ${bound.bind(of.now, 'timestamptz')} - interval '24 hours' ORDER BY chunk_number LIMIT 16)`
    : '';
  const rows = await database.query({
    text: `SELECT 'RESULT' AS kind, json_build_object('id', r.id, 'runId', r.run_id, 'orderId', r.order_id, 'orderLineId', r.order_line_id,
  'lineNumber', r.line_number, 'inventoryId', r.inventory_id, 'sku', r.sku, 'location', r.location,
  'quantity', r.quantity::text, 'lotUnitCost', r.lot_unit_cost::text, 'costAmount', r.cost_amount::text,
  'costing', r.costing, 'status', r.status, 'createdAt', ${epoch('r.created_at')}, 'asOf', ${epoch('r.as_of')},
  'shippedAt', ${epoch('r.shipped_at')}, 'releasedAt', ${epoch('r.released_at')}, 'revision', o.revision, 'version', p.version,
  'lotStatus', i.status, 'expiresOn', i.expires_on,
  'closed', (SELECT max(period) FROM costing_periods WHERE status = 'CLOSED'))::text AS data
FROM allocation_results r JOIN orders o ON o.id = r.order_id JOIN inventories i ON i.id = r.inventory_id
  JOIN positions p ON p.sku = r.sku WHERE r.id = ${bound.bind(of.resultId, 'uuid')}
${answer}`,
    values: bound.values,
  });
  const data = (kind: string) => rows.filter((row) => row.kind === kind).map((row) => JSON.parse(String(row.data)));
  const chunks: StoredChunk[] = data('ANSWER');
  const [row] = data('RESULT');
  return {
    answer: chunks.length > 0 ? await storedAnswer(database, chunks, of.idempotencyKey) : null,
    found: row ? foundOf(row) : null,
  };
}

const epoch = (column: string) => `(extract(epoch FROM ${column}) * 1000)::bigint`;

type ResultRow = {
  id: string;
  runId: string;
  orderId: string;
  orderLineId: string;
  lineNumber: number;
  inventoryId: string;
  sku: string;
  location: string;
  quantity: string;
  lotUnitCost: string;
  costAmount: string;
  costing: Costing;
  status: ResultStatus;
  createdAt: number;
  asOf: number;
  shippedAt: number | null;
  releasedAt: number | null;
  revision: number;
  version: number;
  lotStatus: LotStatus;
  expiresOn: LocalDate | null;
  closed: Month | null;
};

function foundOf(row: ResultRow): NonNullable<LoadedResult['found']> {
  const { revision, version, lotStatus, expiresOn, closed, ...result } = row;
  return {
    result: {
      ...result,
      quantity: parseDecimal(row.quantity),
      lotUnitCost: parseDecimal(row.lotUnitCost),
      costAmount: BigInt(row.costAmount),
      createdAt: instant(row.createdAt),
      asOf: instant(row.asOf),
      shippedAt: row.shippedAt === null ? null : instant(row.shippedAt),
      releasedAt: row.releasedAt === null ? null : instant(row.releasedAt),
    },
    order: { id: row.orderId, revision },
    positionVersion: version,
    lot: { status: lotStatus, expiresOn },
    closedThrough: closed,
  };
}

const instant = (milliseconds: number): Instant => new Date(milliseconds).toISOString();
