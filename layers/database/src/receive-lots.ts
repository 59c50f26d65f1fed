import { formatDecimal, type Instant, type Inventory } from '@inventory/models';
import { type Creation, create, gate } from './creation.ts';
import { parameters, rowsOf } from './parameters.ts';
import type { Queryable } from './queryable.ts';
import type { KeyedAnswer } from './stored-answer.ts';

/**
 * Inserts lots with their RECEIPT movements and adds them to the positions of their SKUs, all or none, in one call.
 * A receipt into a closed month counts from the first open one, which the statement looks up by itself.
 * A receipt number that another request writes at the same moment is a `DatabaseError` UNIQUE_VIOLATION.
 */
export async function receiveLots(
  database: Queryable,
  of: { lots: readonly Inventory[]; actor: string; at: Instant; timeZone: string; keyed: KeyedAnswer | null },
): Promise<Creation> {
  const bound = parameters();
  const at = bound.bind(of.at, 'timestamptz');
  const actor = bound.bind(of.actor, 'text');
  const sources = [
    rowsOf(bound, 'new_lot', of.lots, [
      ['id', 'uuid', ({ id }) => id],
      ['lot_sequence', 'bigint', ({ lotSequence }) => lotSequence],
      ['receipt_number', 'text', ({ receiptNumber }) => receiptNumber],
      ['sku', 'text', ({ sku }) => sku],
      ['lot_number', 'text', ({ lotNumber }) => lotNumber],
      ['location', 'text', ({ location }) => location],
      ['quantity', 'numeric', ({ quantity }) => formatDecimal(quantity)],
      ['unit_cost', 'numeric', ({ unitCost }) => formatDecimal(unitCost)],
      ['total_cost', 'bigint', ({ totalCost }) => totalCost],
      ['received_at', 'timestamptz', ({ receivedAt }) => receivedAt],
      ['expires_on', 'date', ({ expiresOn }) => expiresOn],
      ['status', 'text', ({ status }) => status],
      ['open_value', 'bigint', ({ openValue }) => openValue],
      ['return_of', 'uuid', ({ returnOf }) => returnOf],
    ]),
    `duplicate AS MATERIALIZED (
  SELECT receipt_number AS number FROM inventories WHERE receipt_number IN (SELECT receipt_number FROM new_lot))`,
    ...gate(of.keyed, bound),
    `inserted_lot AS (
  INSERT INTO inventories (id, lot_sequence, receipt_number, sku, lot_number, location, quantity, unit_cost, total_cost,
    received_at, expires_on, status, open_value, return_of, remaining_quantity, created_at, created_by)
  SELECT n.*, n.quantity, ${at}, ${actor} FROM new_lot n, go)`,
    // By SKU, as every writer locks them.
    `received AS (
  SELECT sku, sum(quantity) AS quantity, sum(open_value)::bigint AS value FROM new_lot, go GROUP BY sku ORDER BY sku)`,
    `moved_position AS (
  INSERT INTO positions AS p (sku, pool_quantity, pool_value) SELECT sku, quantity, value FROM received
  ON CONFLICT (sku) DO UPDATE SET version = p.version + 1, pool_quantity = p.pool_quantity + excluded.pool_quantity,
    pool_value = p.pool_value + excluded.pool_value)`,
    `open_from AS (
  SELECT (to_date(max(period), 'YYYY-MM') + interval '1 month') AT TIME ZONE ${bound.bind(of.timeZone, 'text')} AS at
  FROM costing_periods WHERE status = 'CLOSED')`,
    `inserted_movement AS (
  INSERT INTO movements (kind, sku, inventory_id, quantity_delta, value_delta, reference, actor, at, effective_at)
  SELECT 'RECEIPT', sku, id, quantity, open_value, NULL, ${actor}, ${at}, greatest(received_at, open_from.at)
  FROM new_lot, open_from, go ORDER BY new_lot.lot_sequence)`,
  ];
  return create(database, { sources, bound, keyed: of.keyed, at: of.at });
}
