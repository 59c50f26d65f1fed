import { compareCodePoints, DomainError, formatDecimal, type Instant, type Inventory } from '@inventory/models';
import type { Database } from './connection.ts';
import { bytesOfText, createAll, type SliceSources, slicesOf } from './create-all.ts';
import type { Creation } from './creation.ts';
import { DatabaseError } from './database-error.ts';
import { rowsOf } from './parameters.ts';
import type { KeyedAnswer } from './stored-answer.ts';

/**
 * Inserts lots with their RECEIPT movements and adds them to the positions of their SKUs, all or none: one call, unless
 * they are larger than a request of the Data API.
 * Throws VALIDATION_FAILED where the stock of a SKU would be worth more than a bigint of minor units.
 * A receipt into a closed month counts from the first open one, which the statement looks up by itself.
 */
export async function receiveLots(
  database: Database,
  of: Receiving & { keyed: KeyedAnswer | null },
): Promise<Creation> {
  // Several slices lock positions one after the other: by SKU, as every writer does.
  const bySku =
    slicesOf(of.lots, bytesOf).length > 1 ? of.lots.toSorted((a, b) => compareCodePoints(a.sku, b.sku)) : of.lots;
  const slices = slicesOf(bySku, bytesOf).map((lots) => sourcesOf({ ...of, lots }));
  try {
    return await createAll(database, { slices, keyed: of.keyed, at: of.at });
  } catch (error) {
    // Each lot is in range: only the sum over a SKU can leave it.
    if (!(error instanceof DatabaseError) || error.sqlState !== NUMERIC_VALUE_OUT_OF_RANGE) throw error;
    throw new DomainError('VALIDATION_FAILED', 'The stock of a SKU would be worth more than 9.2 × 10^18 minor units');
  }
}

const NUMERIC_VALUE_OUT_OF_RANGE = '22003';

type Receiving = {
  readonly lots: readonly Inventory[];
  readonly actor: string;
  readonly at: Instant;
  readonly timeZone: string;
};

/** What a lot takes in a request; ids, numbers and what wraps them included. */
const bytesOf = ({ receiptNumber, sku, lotNumber, location }: Inventory) =>
  400 + [receiptNumber, sku, lotNumber, location].reduce((sum, text) => sum + bytesOfText(text), 0);

const sourcesOf =
  ({ lots, actor, at, timeZone }: Receiving): SliceSources =>
  (bound, gate) => {
    const now = bound.bind(at, 'timestamptz');
    const by = bound.bind(actor, 'text');
    return [
      rowsOf(bound, 'new_lot', lots, [
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
  SELECT receipt_number AS number FROM inventories WHERE receipt_number IN (SELECT receipt_number FROM new_lot)
  UNION SELECT receipt_number FROM new_lot WHERE receipt_number IS NOT NULL GROUP BY 1 HAVING count(*) > 1)`,
      ...gate,
      // By number, as orders are created.
      `inserted_lot AS (
  INSERT INTO inventories (id, lot_sequence, receipt_number, sku, lot_number, location, quantity, unit_cost, total_cost,
    received_at, expires_on, status, open_value, return_of, remaining_quantity, created_at, created_by)
  SELECT n.*, n.quantity, ${now}, ${by} FROM new_lot n, go ORDER BY n.receipt_number)`,
      // By SKU, as every writer locks them.
      `received AS (
  SELECT sku, sum(quantity) AS quantity, sum(open_value)::bigint AS value FROM new_lot, go GROUP BY sku ORDER BY sku COLLATE "C")`,
      `moved_position AS (
  INSERT INTO positions AS p (sku, pool_quantity, pool_value) SELECT sku, quantity, value FROM received
  ON CONFLICT (sku) DO UPDATE SET version = p.version + 1, pool_quantity = p.pool_quantity + excluded.pool_quantity,
    pool_value = p.pool_value + excluded.pool_value)`,
      `open_from AS (
  SELECT (to_date(max(period), 'YYYY-MM') + interval '1 month') AT TIME ZONE ${bound.bind(timeZone, 'text')} AS at
  FROM costing_periods WHERE status = 'CLOSED')`,
      `inserted_movement AS (
  INSERT INTO movements (kind, sku, inventory_id, quantity_delta, value_delta, reference, actor, at, effective_at)
  SELECT 'RECEIPT', sku, id, quantity, open_value, NULL, ${by}, ${now}, greatest(received_at, open_from.at)
  FROM new_lot, open_from, go ORDER BY new_lot.lot_sequence)`,
    ];
  };
