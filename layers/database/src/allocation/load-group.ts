import { type Parameters, parameters } from '../parameters.ts';
import type { Queryable, Statement } from '../queryable.ts';
import {
  chosenOrders,
  isOpenLine,
  type LineScope,
  type OrderChoice,
  openQuantity,
  type Reach,
  scopedLines,
} from './demand.ts';
import type { Group, SkuRange } from './groups.ts';
import { type Loaded, nothing } from './load.ts';
import {
  type Cut,
  demandOfLines,
  holding,
  onwards,
  packKinds,
  paged,
  rowKinds,
  sections,
  stock,
  stockRows,
} from './load-statement.ts';
import { newPage, ordersOf, readInto, stockOf } from './page.ts';

export type GroupRequest = {
  readonly choice: OrderChoice;
  readonly reach: Reach;
  readonly group: Group;
  /** The run that it is for. */
  readonly scope: LineScope;
};

/**
 * Reads the lines and the stock of the SKUs of a group, and nothing else of their orders, without the picks of the lines;
 * mostly one call a range. Takes no lock. Pages need no common snapshot: a SKU or an order comes with the version of the
 * first page that tells of it, so what moves in between is seen when it is written.
 */
export async function loadGroup(database: Queryable, request: GroupRequest): Promise<Loaded> {
  const page = newPage();
  for (const range of request.group.ranges) {
    let cut = await readInto(page, database, rangeStatement(request, range, null));
    while (cut) cut = await readInto(page, database, rangeStatement(request, range, cut));
  }
  return { ...nothing, orders: ordersOf(page), stock: stockOf(page) };
}

function rangeStatement(request: GroupRequest, range: SkuRange, from: Cut | null): Statement {
  const { choice, reach, group, scope } = request;
  const bound = parameters();
  const line = `line AS MATERIALIZED (
  SELECT l.*, ${openQuantity} AS open_quantity, o.order_number, o.priority, o.ordered_at, o.requested_ship_date, o.revision
  FROM orders o JOIN order_lines l ON l.order_id = o.id
  WHERE ${chosenOrders(choice, scope, bound)} AND o.open_quantity > 0 AND ${isOpenLine}
    AND l.sku >= ${bound.bind(from?.key ?? range.first, 'text')} AND l.sku <= ${bound.bind(range.last, 'text')}
    AND o.id <= ${bound.bind(group.newestOrderId, 'uuid')} AND ${scopedLines(scope, bound)})`;
  const named = 'SELECT inventory_id FROM holding';
  const sources = [line, listed(from, bound), holding, demandOfLines, ...stock(reach, named, bound), packedLot];
  const rows = [lineRows, holdingRows, stockRows.reservation, lotRows, stockRows.rest];
  return { text: paged(sources, rows, from && onwards(from, bound)), values: bound.values };
}

/** Lines and lots of a SKU come many in a row, each row below the 64 KB that come back. */
const ROWS_PER_PACK = 80;

/** Lines are told from the order on where the page before was cut off, however they are packed by now. */
const listed = (from: Cut | null, bound: Parameters) => `listed AS (
  SELECT *, row_number() OVER (PARTITION BY sku ORDER BY order_id, line_number) / ${ROWS_PER_PACK} AS pack FROM line
  WHERE ${
    from
      ? `(sku, ('l' || order_id) COLLATE "C") >= (${bound.bind(from.key, 'text')}, ${bound.bind(from.detail, 'text')})`
      : 'true'
  })`;

const packedLot = `packed_lot AS (
  SELECT *, row_number() OVER (PARTITION BY sku ORDER BY id) / ${ROWS_PER_PACK} AS pack FROM lot)`;

const epoch = (column: string) => `(extract(epoch FROM ${column}) * 1000)::bigint`;

// Tabs and line feeds are in no text of a caller, and where there are thousands of rows they take two thirds of the time
// and of the bytes of JSON. Nothing stands for null.
const lineRows = `SELECT ${sections.stock}, d.sku, 'l' || d.first, concat_ws(E'\t', '${packKinds.lines}' || d.sku, coalesce(p.version, 0),
    trim_scale(coalesce(p.pool_quantity, 0)), coalesce(p.pool_value, 0)) || d.lines
  FROM (SELECT sku, min(order_id::text) AS first, string_agg(concat_ws(E'\t', E'\n' || id, line_number,
      trim_scale(quantity - cancelled_quantity), trim_scale(open_quantity), coalesce(min_shelf_life_days::text, ''),
      coalesce(reservation_id::text, ''), order_id, revision, order_number, priority, ${epoch('ordered_at')},
      coalesce(requested_ship_date::text, '')), '') AS lines
    FROM listed GROUP BY sku, pack) d LEFT JOIN positions p USING (sku)`;

const lotRows = `SELECT ${sections.stock}, sku, 's' || min(id::text), '${packKinds.lots}' || sku || string_agg(concat_ws(E'\t', E'\n' || id, lot_sequence,
      location, status, ${epoch('received_at')}, coalesce(expires_on::text, ''), trim_scale(unit_cost),
      trim_scale(remaining_quantity), trim_scale(allocated_quantity), open_value), '')
  FROM packed_lot GROUP BY sku, pack`;

const holdingRows = `SELECT ${sections.stock}, sku, 'm' || line_id || inventory_id, json_build_array(${rowKinds.holding}, order_id,
    line_id, inventory_id, trim_scale(allocated)::text, trim_scale(shipped)::text)::text FROM holding`;
