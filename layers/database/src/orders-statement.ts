import type { OrderFilters } from './orders.ts';
import { type Parameters, parameters } from './parameters.ts';
import type { Statement } from './queryable.ts';

export type OrderBounds = { readonly after: string | null; readonly limit: number };

/** What a row tells, and so what its `data` is. */
export const rowKinds = { order: 0, line: 1, picks: 2 } as const;

// Times are epoch milliseconds, quantities texts.
export type OrderRow = [
  id: string,
  orderNumber: string,
  customerId: string | null,
  priority: number,
  orderedAt: number,
  requestedShipDate: string | null,
  version: number,
  revision: number,
  createdAt: number,
];
export type LineRow = [
  id: string,
  lineNumber: number,
  sku: string,
  quantity: string,
  allocated: string,
  shipped: string,
  cancelled: string,
  minShelfLifeDays: number | null,
  reservationId: string | null,
  hasPicks: boolean,
];
export type PicksRow = [inventoryId: string, quantity: string][];

/** An answer of the Data API holds 1 MiB: the text of the rows and what wraps each. */
const BYTES_PER_ANSWER = 800_000;
const BYTES_PER_ROW = 90;

/** More lines than fit into an answer need not be measured. */
const LINES_PER_ANSWER = 5_000;

/** A row may have 64 KB, and a line names up to 1,000 lots. */
const PICKS_PER_ROW = 200;

/**
 * Orders of a page, newest first, each followed by its lines, and a line by the lots that it names, cut off where an
 * answer is full: `total` counts the rows that there are.
 */
export function ordersStatement(filters: OrderFilters & { id?: string }, { after, limit }: OrderBounds): Statement {
  const bound = parameters();
  const conditions = [...conditionsOf(filters, bound), ...(after ? [`o.id < ${bound.bind(after, 'uuid')}`] : [])];
  const chosen = `SELECT o.* FROM orders o WHERE ${conditions.join(' AND ') || 'true'}
  ORDER BY o.id DESC LIMIT ${bound.bind(limit, 'integer')}`;
  return { text: withLines(chosen, 'true', 'true'), values: bound.values };
}

/** The order again, with what comes behind a number of picks of one of its lines. */
export function restOfOrderStatement(id: string, behind: { lineNumber: number; picks: number }): Statement {
  const bound = parameters();
  const chosen = `SELECT o.* FROM orders o WHERE o.id = ${bound.bind(id, 'uuid')}`;
  const lineNumber = bound.bind(behind.lineNumber, 'integer');
  const picks = bound.bind(behind.picks, 'integer');
  // The line that was begun comes once more, for the picks that it lacks.
  return {
    text: withLines(chosen, `l.line_number >= ${lineNumber}`, `l.line_number > ${lineNumber} OR p.place > ${picks}`),
    values: bound.values,
  };
}

function conditionsOf({ id, orderNumber, status, customerId, sku }: OrderFilters & { id?: string }, bound: Parameters) {
  const conditions: string[] = [];
  if (id) conditions.push(`o.id = ${bound.bind(id, 'uuid')}`);
  if (orderNumber) conditions.push(`o.order_number = ${bound.bind(orderNumber, 'text')}`);
  if (customerId) conditions.push(`o.customer_id = ${bound.bind(customerId, 'text')}`);
  if (status) {
    conditions.push(`o.status = ${bound.bind(status, 'text')}`);
    // True by the rule of the status; it lets the index of open orders serve.
    if (status === 'OPEN' || status === 'PARTIALLY_ALLOCATED') conditions.push('o.open_quantity > 0');
  }
  if (sku) {
    conditions.push(
      `EXISTS (SELECT 1 FROM order_lines w WHERE w.order_id = o.id AND w.sku = ${bound.bind(sku, 'text')})`,
    );
  }
  return conditions;
}

const withLines = (chosen: string, lines: string, picks: string) => `WITH chosen AS MATERIALIZED (
  ${chosen}),
line AS MATERIALIZED (
  SELECT l.* FROM chosen o JOIN order_lines l ON l.order_id = o.id WHERE ${lines}
  ORDER BY l.order_id DESC, l.line_number LIMIT ${LINES_PER_ANSWER}),
piece (order_id, line_number, part, kind, data) AS (
  SELECT id, 0, 0, ${rowKinds.order}, json_build_array(id, order_number, customer_id, priority, ${epoch('ordered_at')},
    requested_ship_date, version, revision, ${epoch('created_at')})::text FROM chosen
  UNION ALL
  SELECT order_id, line_number, 0, ${rowKinds.line}, json_build_array(id, line_number, sku, quantity::text, allocated_quantity::text,
    shipped_quantity::text, cancelled_quantity::text, min_shelf_life_days, reservation_id, picks IS NOT NULL)::text
  FROM line
  UNION ALL
  SELECT l.order_id, l.line_number, 1 + ((p.place - 1) / ${PICKS_PER_ROW})::integer, ${rowKinds.picks},
    json_agg(json_build_array(p.pick->>'inventoryId', p.pick->>'quantity') ORDER BY p.place)::text
  FROM line l, jsonb_array_elements(l.picks) WITH ORDINALITY AS p(pick, place) WHERE ${picks}
  GROUP BY 1, 2, 3),
measured AS (
  SELECT *, count(*) OVER () AS total, sum(octet_length(data) + ${BYTES_PER_ROW})
    OVER (ORDER BY order_id DESC, line_number, part ROWS UNBOUNDED PRECEDING) AS bytes FROM piece)
SELECT kind, data, total FROM measured WHERE bytes <= ${BYTES_PER_ANSWER} ORDER BY order_id DESC, line_number, part`;

const epoch = (column: string) => `(extract(epoch FROM ${column}) * 1000)::bigint`;
