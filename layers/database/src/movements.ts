import { type Instant, type Movement, type MovementKind, parseDecimal } from '@inventory/models';
import { type Page, type PageRequest, pageOf } from './page.ts';
import { type Parameters, parameters } from './parameters.ts';
import type { Queryable, Row } from './queryable.ts';

export type MovementFilters = {
  readonly sku?: string | null;
  readonly kind?: MovementKind | null;
  readonly inventoryId?: string | null;
};

/** Ledger entries, newest first; `after` is an entry number. One call. */
export async function listMovements(
  database: Queryable,
  filters: MovementFilters,
  { limit, after }: PageRequest,
): Promise<Page<Movement>> {
  const bound = parameters();
  const conditions = conditionsOf(filters, bound);
  if (after !== null) conditions.push(`entry_number < ${bound.bind(after, 'bigint')}`);
  const rows = await database.query({
    text: `SELECT ${columns} FROM movements WHERE ${conditions.join(' AND ') || 'true'}
ORDER BY entry_number DESC LIMIT ${bound.bind(limit + 1, 'integer')}`,
    values: bound.values,
  });
  return pageOf(rows.map(movementOf), limit, ({ entryNumber }) => String(entryNumber));
}

/** A page of the change feed: `next` is always given and, asked again later, goes on where this one stopped. */
export type Feed = { readonly items: readonly Movement[]; readonly next: string };

/**
 * Ledger entries in an order in which none ever appears behind: by transaction, then entry number, and only of
 * transactions below which every one has ended (design.md 7.10). A key is `transaction:entry`. One call.
 */
export async function readFeed(
  database: Queryable,
  filters: MovementFilters,
  { limit, after }: PageRequest,
): Promise<Feed> {
  const bound = parameters();
  const [transaction = '0', entry = '0'] = after?.split(':') ?? [];
  const conditions = [
    ...conditionsOf(filters, bound),
    `(transaction_id, entry_number) > (${bound.bind(transaction, 'xid8')}, ${bound.bind(entry, 'bigint')})`,
    'transaction_id < horizon.id',
  ];
  const rows = await database.query({
    text: `WITH horizon AS (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS id)
SELECT horizon.id::text AS horizon, m.* FROM horizon LEFT JOIN LATERAL (
  SELECT transaction_id::text AS transaction_id, ${columns} FROM movements WHERE ${conditions.join(' AND ')}
  ORDER BY movements.transaction_id, movements.entry_number LIMIT ${bound.bind(limit, 'integer')}) m ON true
ORDER BY m.transaction_id::xid8, m.entry_number`,
    values: bound.values,
  });
  const found = rows.filter((row) => row.entry_number !== null);
  return { items: found.map(movementOf), next: nextOf(rows, found.length === limit) };
}

/** Behind the last entry of a full page; else behind all that was looked through, which filters may have left empty. */
function nextOf(rows: readonly Row[], isFull: boolean): string {
  const last = rows.at(-1);
  return isFull ? `${last?.transaction_id}:${last?.entry_number}` : `${last?.horizon}:0`;
}

function conditionsOf({ sku, kind, inventoryId }: MovementFilters, bound: Parameters): string[] {
  const conditions: string[] = [];
  if (sku) conditions.push(`sku = ${bound.bind(sku, 'text')}`);
  if (kind) conditions.push(`kind = ${bound.bind(kind, 'text')}`);
  if (inventoryId) conditions.push(`inventory_id = ${bound.bind(inventoryId, 'uuid')}`);
  return conditions;
}

const epoch = (column: string) => `(extract(epoch FROM ${column}) * 1000)::bigint AS ${column}`;
const columns = `entry_number, kind, sku, inventory_id, quantity_delta::text AS quantity_delta,
    value_delta, reference, actor, ${epoch('at')}, ${epoch('effective_at')}`;

const movementOf = (row: Row): Movement => ({
  entryNumber: Number(row.entry_number),
  kind: row.kind as MovementKind, // a CHECK holds the column to these
  sku: String(row.sku),
  inventoryId: textOf(row.inventory_id),
  quantityDelta: parseDecimal(String(row.quantity_delta)),
  valueDelta: BigInt(String(row.value_delta)),
  reference: textOf(row.reference),
  actor: String(row.actor),
  at: instantOf(row.at),
  effectiveAt: instantOf(row.effective_at),
});

const textOf = (value: unknown): string | null => (value === null ? null : String(value));
const instantOf = (epoch: unknown): Instant => new Date(Number(epoch)).toISOString();
