// What the ledger says of each counter (product.md 6, Ledger), beside what is stored. A row that is missing on one side
// counts as 0, so that lost and invented rows are differences too.

const MOST = 1_000;

/** Sums per lot: what moved it in or out, less what was shipped; what was allocated, less what was released or shipped. */
const lots = `ledger_lot AS MATERIALIZED (
  SELECT sku, inventory_id AS id,
    coalesce(sum(quantity_delta) FILTER (WHERE kind IN ('RECEIPT', 'RETURN', 'ADJUST', 'TRANSFER', 'SHIP')), 0) AS remaining,
    coalesce(sum(quantity_delta) FILTER (WHERE kind = 'SHIP'), 0)
      - coalesce(sum(quantity_delta) FILTER (WHERE kind IN ('ALLOCATE', 'RELEASE')), 0) AS allocated,
    coalesce(sum(value_delta) FILTER (WHERE kind IN ('RECEIPT', 'RETURN', 'ADJUST', 'TRANSFER', 'ALLOCATE', 'RELEASE',
      'REVALUE')), 0) AS value
  FROM movements WHERE inventory_id IS NOT NULL GROUP BY sku, inventory_id),
lot AS (
  SELECT coalesce(i.id, l.id)::text AS id, c.* FROM inventories i FULL JOIN ledger_lot l ON l.id = i.id AND l.sku = i.sku,
  LATERAL (VALUES
    ('remainingQuantity', 'QUANTITY', i.remaining_quantity, l.remaining),
    ('allocatedQuantity', 'QUANTITY', i.allocated_quantity, l.allocated),
    ('openValue', 'MONEY', i.open_value, l.value)) AS c(counter, unit, stored, expected))`;

const positions = `ledger_position AS (
  SELECT sku, sum(remaining - allocated) AS quantity, sum(value) AS value FROM ledger_lot GROUP BY sku),
position AS (
  SELECT coalesce(p.sku, l.sku) AS id, c.* FROM positions p FULL JOIN ledger_position l ON l.sku = p.sku,
  LATERAL (VALUES
    ('poolQuantity', 'QUANTITY', p.pool_quantity, l.quantity),
    ('poolValue', 'MONEY', p.pool_value, l.value)) AS c(counter, unit, stored, expected))`;

/** A row is what was allocated, less the parts that moved away; a part is what its own entry moved (split once only). */
const results = `ledger_result AS MATERIALIZED (
  SELECT reference AS id, inventory_id,
    -coalesce(sum(quantity_delta) FILTER (WHERE kind = 'ALLOCATE'), 0) AS allocated,
    -coalesce(sum(value_delta) FILTER (WHERE kind = 'ALLOCATE'), 0) AS cost,
    -coalesce(sum(quantity_delta) FILTER (WHERE kind = 'SHIP'), 0) AS shipped,
    coalesce(sum(quantity_delta) FILTER (WHERE kind = 'RELEASE'), 0) AS released,
    coalesce(sum(abs(value_delta)) FILTER (WHERE kind IN ('SHIP', 'RELEASE')), 0) AS moved_cost
  FROM movements WHERE kind IN ('ALLOCATE', 'RELEASE', 'SHIP') GROUP BY reference, inventory_id),
recosted AS (
  SELECT reference AS id, sum(value_delta) AS cost FROM movements
  WHERE kind = 'REVALUE' AND inventory_id IS NULL GROUP BY reference),
part AS (
  SELECT r.split_from AS id, sum(l.shipped + l.released) AS quantity, sum(l.moved_cost) AS cost
  FROM allocation_results r JOIN ledger_result l ON l.id = r.id WHERE r.split_from IS NOT NULL GROUP BY r.split_from),
compared_result AS (
  SELECT coalesce(r.id, l.id)::text AS id, coalesce(r.quantity, 0) AS quantity, coalesce(r.cost_amount, 0) AS cost,
    CASE WHEN r.status = 'SHIPPED' THEN r.quantity ELSE 0 END AS shipped,
    CASE WHEN r.status = 'RELEASED' THEN r.quantity ELSE 0 END AS released,
    coalesce(CASE WHEN r.split_from IS NULL THEN l.allocated - coalesce(p.quantity, 0)
      ELSE l.shipped + l.released END, 0) AS expected_quantity,
    coalesce(v.cost, 0) + coalesce(CASE WHEN r.split_from IS NULL THEN l.cost - coalesce(p.cost, 0)
      ELSE l.moved_cost END, 0) AS expected_cost,
    coalesce(l.shipped, 0) AS expected_shipped, coalesce(l.released, 0) AS expected_released
  FROM allocation_results r FULL JOIN ledger_result l ON l.id = r.id AND l.inventory_id = r.inventory_id
  LEFT JOIN recosted v ON v.id = r.id LEFT JOIN part p ON p.id = r.id),
-- Compared before it is spread: there may be millions.
result AS (
  SELECT r.id, c.* FROM compared_result r,
  LATERAL (VALUES
    ('quantity', 'QUANTITY', quantity, expected_quantity),
    ('costAmount', 'MONEY', cost, expected_cost),
    ('shippedQuantity', 'QUANTITY', shipped, expected_shipped),
    ('releasedQuantity', 'QUANTITY', released, expected_released)) AS c(counter, unit, stored, expected)
  WHERE (quantity, cost, shipped, released) <> (expected_quantity, expected_cost, expected_shipped, expected_released)
    OR quantity < 0 OR cost < 0)`;

const orders = `line_result AS (
  SELECT order_line_id AS id, sum(quantity) FILTER (WHERE status = 'ALLOCATED') AS allocated,
    sum(quantity) FILTER (WHERE status = 'SHIPPED') AS shipped
  FROM allocation_results GROUP BY order_line_id),
line AS (
  SELECT coalesce(o.id, l.id)::text AS id, c.* FROM order_lines o FULL JOIN line_result l ON l.id = o.id,
  LATERAL (VALUES
    ('allocatedQuantity', 'QUANTITY', o.allocated_quantity, l.allocated),
    ('shippedQuantity', 'QUANTITY', o.shipped_quantity, l.shipped)) AS c(counter, unit, stored, expected)),
order_line AS (
  SELECT order_id AS id, sum(quantity) AS quantity, sum(cancelled_quantity) AS cancelled,
    sum(allocated_quantity) AS allocated, sum(shipped_quantity) AS shipped
  FROM order_lines GROUP BY order_id),
order_total AS (
  SELECT o.id::text AS id, c.* FROM orders o LEFT JOIN order_line l ON l.id = o.id,
  LATERAL (VALUES
    ('quantity', 'QUANTITY', o.quantity, l.quantity),
    ('cancelledQuantity', 'QUANTITY', o.cancelled_quantity, l.cancelled),
    ('allocatedQuantity', 'QUANTITY', o.allocated_quantity, l.allocated),
    ('shippedQuantity', 'QUANTITY', o.shipped_quantity, l.shipped)) AS c(counter, unit, stored, expected))`;

const compared = Object.entries({
  INVENTORY: 'lot',
  POSITION: 'position',
  ALLOCATION_RESULT: 'result',
  ORDER_LINE: 'line',
  ORDER: 'order_total',
}).map(
  ([entity, table]) => `SELECT '${entity}' AS entity, id, counter, unit, coalesce(stored, 0) AS stored,
  coalesce(expected, 0) AS expected FROM ${table} WHERE coalesce(stored, 0) <> coalesce(expected, 0) OR stored < 0`,
);

/** One that agrees with the ledger in being negative is expected to be 0. */
export const INTEGRITY = `WITH ${[lots, positions, results, orders].join(',\n')}
SELECT entity, id, counter, unit, trim_scale(stored)::text AS stored,
  trim_scale(CASE WHEN stored = expected THEN 0 ELSE expected END)::text AS expected
FROM (${compared.join('\nUNION ALL\n')}) AS difference ORDER BY entity, id, counter LIMIT ${MOST}`;
