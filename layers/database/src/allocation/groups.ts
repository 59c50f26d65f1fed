import { parameters } from '../parameters.ts';
import type { Queryable } from '../queryable.ts';
import {
  chosenOrders,
  isOpenLine,
  type LineScope,
  type OrderChoice,
  openQuantity,
  type Reach,
  scopedLines,
} from './demand.ts';

/** Some SKUs whole, of those that a large run has still to serve. */
export type Group = {
  /** Each about what one answer of the Data API holds. */
  readonly ranges: readonly SkuRange[];
  /** Orders with a later id came when the run had begun, and are for the next one. */
  readonly newestOrderId: string;
};

/** From the first SKU to the last, by code point. */
export type SkuRange = { readonly first: string; readonly last: string };

/** By the estimate of `planGroups`, what mostly fits into one answer of the Data API. */
const ROWS_PER_RANGE = 9_500;

/** More ranges than this go by two: half the slices, and still enough of them to read and write at the same time. */
const RANGES_ONE_BY_ONE = 8;

/** Their names fill less than half of one answer of the Data API; what is behind them is for the next call. */
const RANGES_PER_CALL = 1_000;

/**
 * Divides what is left of a run into groups of SKUs, each for one slice of at most `rowsPerSlice` lines and results (for
 * more where one SKU has more), and says in the same statement that the run is being worked off, in about how many
 * slices. `areAll` is false where there are more groups than one call tells.
 */
export async function planGroups(
  database: Queryable,
  of: { choice: OrderChoice; reach: Reach; scope: LineScope; rowsPerSlice: number },
): Promise<{ groups: readonly Group[]; areAll: boolean }> {
  const bound = parameters();
  const size = bound.bind(Math.min(ROWS_PER_RANGE, of.rowsPerSlice), 'float8');
  // Each line has a result, and one more for each lot that ends; a run by rank reaches as many lots as its demand needs.
  const reached = of.reach.ranking ? 'ceil(lots * coalesce(least(quantity / nullif(open, 0), 1), 0))' : 'lots';
  const rows = await database.query({
    text: `WITH demand AS MATERIALIZED (
  SELECT l.sku, count(*) AS lines, sum(${openQuantity}) AS quantity
  FROM orders o JOIN order_lines l ON l.order_id = o.id
  WHERE ${chosenOrders(of.choice, of.scope, bound)} AND o.open_quantity > 0 AND ${isOpenLine}
    AND ${scopedLines(of.scope, bound)}
  GROUP BY l.sku),
supply AS (
  SELECT d.sku, count(*) AS lots, sum(i.remaining_quantity - i.allocated_quantity) AS open
  FROM demand d JOIN inventories i USING (sku) WHERE i.remaining_quantity > 0 GROUP BY d.sku),
placed AS MATERIALIZED (
  SELECT sku, rows, sum(rows) OVER (ORDER BY sku) - rows / 2 AS place FROM (
    SELECT sku, 2 * lines + coalesce(${reached}, 0)::float8 AS rows FROM demand LEFT JOIN supply USING (sku)) AS weighed),
sku_range AS (
  SELECT trunc(place / ${size}) AS number, min(sku) AS first, max(sku) AS last, sum(rows) AS rows FROM placed GROUP BY 1),
division AS (SELECT CASE WHEN count(*) > ${RANGES_ONE_BY_ONE} THEN 2 ELSE 1 END AS ranges FROM sku_range),
planned AS (
  UPDATE allocation_runs SET status = 'RUNNING', slices_total = slices_applied + (
    SELECT coalesce(ceil(sum(greatest(rows / ${bound.bind(of.rowsPerSlice, 'float8')}, 1.0::float8 / ranges))), 0)
    FROM sku_range, division)::integer
  WHERE id = ${bound.bind(of.scope.unfinishedOf, 'uuid')} AND status IN ('PENDING', 'RUNNING'))
SELECT trunc(number / ranges) AS number, first, last, (SELECT id::text FROM orders WHERE open_quantity > 0 ORDER BY id DESC LIMIT 1) AS newest
FROM sku_range, division ORDER BY first LIMIT ${RANGES_PER_CALL}`,
    values: bound.values,
  });
  const groups = [...Map.groupBy(rows, ({ number }) => number).values()].map((ranges) => ({
    ranges: ranges.map(({ first, last }) => ({ first: String(first), last: String(last) })),
    newestOrderId: String(ranges[0]!.newest),
  }));
  return { groups, areAll: rows.length < RANGES_PER_CALL };
}
