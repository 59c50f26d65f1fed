import { type Decimal, formatDecimal, type RankKey } from '@inventory/models';
import { type Parameters, parameters, rowsOf } from '../parameters.ts';
import type { Statement } from '../queryable.ts';
import {
  chosenOrders,
  isOpenLine,
  type LineScope,
  type OrderChoice,
  openQuantity,
  type Reach,
  scopedLines,
} from './demand.ts';

/** What a load returns at the most: below the 1 MiB of the Data API by the eighth that quotes add when they are escaped. */
const BYTES_PER_PAGE = 860_000;
const BYTES_PER_ROW = 70;

/** Rows come in this order, so that what is cut off is the stock of the last SKUs, then the last orders. */
export const sections = { answer: 0, period: 1, tooLarge: 2, orders: 3, stock: 4, cut: 5 } as const;

/** Many lines, or many lots, of one SKU in a row of `stock`: text that begins so, where all else is JSON. */
export const packKinds = { lines: 'L', lots: 'S' } as const;

/** What a row of `orders` or `stock` tells: the first element of its data. */
export const rowKinds = { order: 0, lines: 1, holding: 2, position: 3, reservation: 4, lot: 5, rest: 6 } as const;

/** Where a page was cut off: the key of the first row that did not fit. */
export type Cut = { readonly section: number; readonly key: string; readonly detail: string };

/**
 * Everything that a run reads, in one statement and so one snapshot: the stored answer of an equal request, the orders
 * with their open lines and what these already hold, and per SKU the position, reservations, lots and the rest.
 * `from` goes on where a page was cut off; a change of the order in between is seen by its revision when it is written.
 */
export function loadStatement(of: {
  choice: OrderChoice;
  reach: Reach;
  idempotencyKey: string | null;
  scope: LineScope | null;
  from: Cut | null;
  /** False where the lines alone will fill more than a page. */
  withStock: boolean;
  /** More open lines than this are not returned, but one row that says so; null for any number. */
  linesAtMost: number | null;
}): Statement {
  const bound = parameters();
  const sources = [period, ...orders(of, bound)];
  const selects = [periodRows, ...orderRows];
  if (of.idempotencyKey) {
    sources.push(answer(of.idempotencyKey, of.reach, bound));
    selects.push(answerRows);
  }
  if (of.withStock) {
    sources.push(demandOfLines, ...stock(of.reach, namedByLines, bound));
    selects.push(...Object.values(stockRows));
  }
  return { text: paged(sources, selects, of.from && onwards(of.from, bound)), values: bound.values };
}

/** The stock of given SKUs, where the first page did not reach; `from` goes on where the page before was cut off. */
export function loadStockStatement(of: {
  demand: readonly SkuDemand[];
  named: readonly string[];
  reach: Reach;
  from: Cut | null;
}): Statement {
  const bound = parameters();
  const demand = rowsOf(bound, 'demand', of.demand, [
    ['sku', 'text', ({ sku }) => sku],
    ['quantity', 'numeric', ({ quantity }) => formatDecimal(quantity)],
    ['shelf_life', 'integer', ({ shelfLife }) => shelfLife],
  ]);
  const named = `SELECT id FROM unnest(${bound.bind(of.named, 'uuid[]')}) AS named(id)`;
  const sources = [demand, ...stock({ ...of.reach, named: [] }, named, bound)];
  const { from } = of;
  // The position comes with every page of a SKU: its version tells whether the pages belong together.
  const condition = from && `${onwards(from, bound)} OR (k1 = ${bound.bind(from.key, 'text')} AND k2 = '')`;
  return { text: paged(sources, Object.values(stockRows), condition), values: bound.values };
}

/** What the lines of a run want of one SKU; `shelfLife` is the longest `minShelfLifeDays` among them. */
export type SkuDemand = { readonly sku: string; readonly quantity: Decimal; readonly shelfLife: number | null };

export const onwards = ({ key, detail }: Cut, bound: Parameters) =>
  `(k1 COLLATE "C", k2 COLLATE "C") >= (${bound.bind(key, 'text')}, ${bound.bind(detail, 'text')})`;

export const paged = (
  sources: readonly string[],
  selects: readonly string[],
  condition: string | null,
) => `WITH ${sources.join(',\n')},
rows (section, k1, k2, data) AS (${selects.join('\nUNION ALL\n')}),
measured AS (
  SELECT *, sum(octet_length(data) + ${BYTES_PER_ROW})
    OVER (ORDER BY section, k1 COLLATE "C", k2 COLLATE "C" ROWS UNBOUNDED PRECEDING) AS bytes
  FROM rows WHERE ${condition ?? 'true'}),
cut AS (
  SELECT section, k1, k2 FROM measured WHERE bytes > ${BYTES_PER_PAGE}
  ORDER BY section, k1 COLLATE "C", k2 COLLATE "C" LIMIT 1)
SELECT section, data FROM measured WHERE bytes <= ${BYTES_PER_PAGE}
UNION ALL
SELECT ${sections.cut}, json_build_array(section, k1, k2)::text FROM cut`;

// ---------- the stored answer, and the last closed month ----------

function answer(key: string, reach: Reach, bound: Parameters): string {
  return `answer AS (
  SELECT chunk_number, chunk_count, request_hash, status, headers, data FROM idempotency_keys
  WHERE key = ${bound.bind(key, 'text')} AND created_at > ${bound.bind(reach.now, 'timestamptz')} - interval '24 hours')`;
}

const answerRows = `SELECT ${sections.answer}, to_char(chunk_number, 'FM0000000'), '',
  json_build_array(chunk_number, chunk_count, request_hash, status, headers, data)::text FROM answer`;

const period = `period AS (SELECT max(period) AS closed FROM costing_periods WHERE status = 'CLOSED')`;
const periodRows = `SELECT ${sections.period}, '', '', json_build_array(closed)::text FROM period`;

// ---------- orders, open lines, what these hold ----------

type OrdersOf = { choice: OrderChoice; scope: LineScope | null; from: Cut | null; linesAtMost: number | null };

const orders = ({ choice, scope, from, linesAtMost }: OrdersOf, bound: Parameters) => [
  `found_order AS MATERIALIZED (
  SELECT o.* FROM orders o WHERE ${chosenOrders(choice, scope, bound)}${from ? ` AND o.id >= ${bound.bind(from.key, 'uuid')}` : ''})`,
  `found_line AS MATERIALIZED (
  SELECT l.*, ${openQuantity} AS open_quantity
  FROM found_order o JOIN order_lines l ON l.order_id = o.id
  WHERE o.open_quantity > 0 AND ${isOpenLine} AND ${scopedLines(scope, bound)}
  ${linesAtMost === null ? '' : `LIMIT ${bound.bind(linesAtMost + 1, 'bigint')}`})`,
  `size AS MATERIALIZED (SELECT ${
    linesAtMost === null ? 'false' : `count(*) > ${bound.bind(linesAtMost, 'bigint')}`
  } AS too_large FROM ${linesAtMost === null ? '(SELECT 1) AS one' : 'found_line'})`,
  'chosen AS (SELECT o.* FROM found_order o, size WHERE NOT too_large)',
  'line AS MATERIALIZED (SELECT l.* FROM found_line l, size WHERE NOT too_large)',
  holding,
];

export const holding = `holding AS (
  SELECT l.sku, l.order_id, l.id AS line_id, r.inventory_id,
    coalesce(sum(r.quantity) FILTER (WHERE r.status = 'ALLOCATED'), 0) AS allocated,
    coalesce(sum(r.quantity) FILTER (WHERE r.status = 'SHIPPED'), 0) AS shipped
  FROM line l JOIN allocation_results r ON r.order_id = l.order_id AND r.order_line_id = l.id
  WHERE l.allocated_quantity + l.shipped_quantity > 0 AND r.status <> 'RELEASED'
  GROUP BY 1, 2, 3, 4)`;

/** Lines that come in one row, which is shorter than a row for each and stays below 64 KB; one with picks comes alone. */
const LINES_PER_ROW = 80;

const lineColumns = `id, line_number, sku, trim_scale(quantity - cancelled_quantity)::text, trim_scale(open_quantity)::text,
    min_shelf_life_days, reservation_id`;

const orderRows = [
  `SELECT ${sections.tooLarge}, '', '', '[]' FROM size WHERE too_large`,
  `SELECT ${sections.orders}, id::text, 'a', json_build_array(${rowKinds.order}, id, order_number, priority,
    (extract(epoch FROM ordered_at) * 1000)::bigint, requested_ship_date, revision)::text FROM chosen`,
  `SELECT ${sections.orders}, order_id::text, 'b' || line_number / ${LINES_PER_ROW}, json_build_array(${rowKinds.lines}, order_id,
    json_agg(json_build_array(${lineColumns})))::text FROM line WHERE picks IS NULL GROUP BY order_id, line_number / ${LINES_PER_ROW}`,
  `SELECT ${sections.orders}, order_id::text, 'b' || id, json_build_array(${rowKinds.lines}, order_id,
    json_build_array(json_build_array(${lineColumns}, picks)))::text FROM line WHERE picks IS NOT NULL`,
  `SELECT ${sections.orders}, order_id::text, 'c' || line_id || inventory_id, json_build_array(${rowKinds.holding}, order_id,
    line_id, inventory_id, trim_scale(allocated)::text, trim_scale(shipped)::text)::text FROM holding`,
];

export const demandOfLines = `demand AS MATERIALIZED (
  SELECT sku, sum(open_quantity) AS quantity, max(min_shelf_life_days) AS shelf_life FROM line GROUP BY sku)`;
/** Lots that the core asks for one by one: those that a line names, and those that it holds something of. */
const namedByLines = `SELECT (pick->>'inventoryId')::uuid FROM line, jsonb_array_elements(line.picks) AS pick WHERE jsonb_typeof(line.picks) = 'array'
  UNION SELECT inventory_id FROM holding`;

// ---------- stock ----------

export function stock(reach: Reach, named: string, bound: Parameters): string[] {
  const today = bound.bind(reach.today, 'date');
  const namedToo = reach.named.length
    ? `${named} UNION SELECT id FROM unnest(${bound.bind(reach.named, 'uuid[]')}) AS named(id)`
    : named;
  const allowed = reach.locations
    ? `i.location IN (SELECT n FROM unnest(${bound.bind(reach.locations, 'text[]')}) AS allowed(n))`
    : 'true';
  const order = (reach.ranking ?? []).map((key) => rankOrder(key, reach, bound)).join(', ');
  return [
    `named AS MATERIALIZED (${namedToo})`,
    `reservation AS MATERIALIZED (
  SELECT r.id, r.sku, r.location, r.quantity FROM reservations r JOIN demand d USING (sku)
  WHERE r.status = 'ACTIVE' AND r.expires_at > ${bound.bind(reach.now, 'timestamptz')})`,
    `held AS (SELECT sku, sum(quantity) AS quantity FROM reservation GROUP BY sku)`,
    `stocked AS (
  SELECT i.*, d.quantity + coalesce(h.quantity, 0) AS demanded, d.shelf_life,
    i.remaining_quantity - i.allocated_quantity AS open_quantity,
    i.status = 'AVAILABLE' AND coalesce(i.expires_on >= ${today}, true) AND ${allowed} AS usable,
    d.shelf_life IS NULL OR i.expires_on IS NULL OR i.expires_on - ${today} >= d.shelf_life AS fresh
  FROM demand d JOIN inventories i USING (sku) LEFT JOIN held h USING (sku)
  WHERE ${reach.every ? 'true' : `i.remaining_quantity > 0 AND i.received_at <= ${bound.bind(reach.asOf, 'timestamptz')}`})`,
    reach.ranking
      ? `ranked AS MATERIALIZED (
  SELECT *, open_quantity > 0 AND usable AND coalesce(sum(open_quantity) FILTER (WHERE usable AND fresh) OVER (
    PARTITION BY sku ORDER BY ${order}, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) < demanded AS reached
  FROM stocked)`
      : `ranked AS MATERIALIZED (SELECT *, true AS reached FROM stocked)`,
    `lot AS (
  SELECT ${lotColumns} FROM ranked WHERE reached
  UNION
  SELECT ${lotColumns} FROM inventories WHERE id IN (SELECT * FROM named))`,
    `rest AS (
  SELECT sku, location, status, CASE
      WHEN shelf_life IS NOT NULL THEN expires_on
      WHEN expires_on < ${today} THEN '0001-01-01'::date END AS expires_on,
    sum(open_quantity) AS open, sum(allocated_quantity) AS allocated
  FROM ranked WHERE NOT reached AND id NOT IN (SELECT * FROM named) GROUP BY 1, 2, 3, 4)`,
  ];
}

const lotColumns =
  'id, lot_sequence, sku, location, status, received_at, expires_on, unit_cost, remaining_quantity, allocated_quantity, open_value';

export const stockRows = {
  position: `SELECT ${sections.stock}, d.sku, '', json_build_array(${rowKinds.position}, d.sku, coalesce(p.version, 0),
    trim_scale(coalesce(p.pool_quantity, 0))::text, coalesce(p.pool_value, 0)::text)::text FROM demand d LEFT JOIN positions p USING (sku)`,
  reservation: `SELECT ${sections.stock}, sku, 'r' || id, json_build_array(${rowKinds.reservation}, id, sku, location, trim_scale(quantity)::text)::text
  FROM reservation`,
  lot: `SELECT ${sections.stock}, sku, 's' || id, json_build_array(${rowKinds.lot}, id, lot_sequence, sku, location, status,
    (extract(epoch FROM received_at) * 1000)::bigint, expires_on, trim_scale(unit_cost)::text, trim_scale(remaining_quantity)::text,
    trim_scale(allocated_quantity)::text, open_value::text)::text FROM lot`,
  rest: `SELECT ${sections.stock}, sku, 't' || row_number() OVER (PARTITION BY sku ORDER BY location, status, expires_on),
    json_build_array(${rowKinds.rest}, sku, location, status, expires_on, trim_scale(open)::text, trim_scale(allocated)::text)::text FROM rest`,
};

const columns = {
  receivedAt: 'received_at',
  lotSequence: 'lot_sequence',
  expiresOn: 'expires_on',
  lotUnitCost: 'unit_cost',
} as const;

function rankOrder({ key, direction }: RankKey, reach: Reach, bound: Parameters): string {
  const expression =
    key === 'locationRank' ? `array_position(${bound.bind(reach.locationPriority, 'text[]')}, location)` : columns[key];
  return `${expression} ${direction === 'asc' ? 'ASC' : 'DESC'} NULLS LAST`;
}
