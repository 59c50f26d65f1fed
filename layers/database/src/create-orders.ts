import { DomainError, formatDecimal, type Instant, type Order, type OrderLine, type Pick } from '@inventory/models';
import type { Database } from './connection.ts';
import { bytesOfText, createAll, type SliceSources, slicesOf } from './create-all.ts';
import type { Creation } from './creation.ts';
import { DatabaseError } from './database-error.ts';
import { hiddenRowsOf, rowsOf } from './parameters.ts';
import type { KeyedAnswer } from './stored-answer.ts';

/**
 * Inserts orders with their lines, all or none: one call, unless they are larger than a request of the Data API.
 * Throws STATE_CONFLICT for a reservation that another line has named at the same moment.
 */
export async function createOrders(
  database: Database,
  of: { orders: readonly Order[]; actor: string; at: Instant; keyed: KeyedAnswer | null },
): Promise<Creation> {
  const lines = of.orders.flatMap((order) =>
    order.lines.map((line, index): NewLine => ({ ...line, orderId: order.id, order: index === 0 ? order : null })),
  );
  const slices = slicesOf(lines, bytesOf).map((slice) => sourcesOf(slice, of));
  try {
    return await createAll(database, { slices, keyed: of.keyed, at: of.at });
  } catch (error) {
    if (error instanceof DatabaseError && error.constraint === 'order_lines_reservation_id_key') {
      throw new DomainError('STATE_CONFLICT', 'Another order line has just named the same reservation');
    }
    throw error;
  }
}

/** A line, which brings its order where it is the first of it. */
type NewLine = OrderLine & { readonly orderId: string; readonly order: Order | null };

/** What a line takes in a request, with its order; ids, numbers and what wraps them included. */
const bytesOf = ({ sku, picks, order }: NewLine) =>
  250 +
  bytesOfText(sku) +
  (picks ? bytesOfText(JSON.stringify(picks.map(pickRow))) : 0) +
  (order ? 250 + bytesOfText(order.orderNumber) + bytesOfText(order.customerId) : 0);

const sourcesOf =
  (lines: readonly NewLine[], { actor, at }: { actor: string; at: Instant }): SliceSources =>
  (bound, gate) => [
    rowsOf(
      bound,
      'new_order',
      lines.flatMap(({ order }) => order ?? []),
      [
        ['id', 'uuid', ({ id }) => id],
        ['order_number', 'text', ({ orderNumber }) => orderNumber],
        ['customer_id', 'text', ({ customerId }) => customerId],
        ['priority', 'smallint', ({ priority }) => priority],
        ['ordered_at', 'timestamptz', ({ orderedAt }) => orderedAt],
        ['requested_ship_date', 'date', ({ requestedShipDate }) => requestedShipDate],
        [
          'quantity',
          'numeric',
          (order) => formatDecimal(order.lines.reduce((sum, { quantity }) => sum + quantity, 0n)),
        ],
      ],
    ),
    `duplicate AS MATERIALIZED (
  SELECT order_number AS number FROM orders WHERE order_number IN (SELECT order_number FROM new_order)
  UNION SELECT order_number FROM new_order GROUP BY order_number HAVING count(*) > 1)`,
    ...gate,
    // By number: two requests with the same numbers wait for each other in one direction.
    `inserted_order AS (
  INSERT INTO orders (id, order_number, customer_id, priority, ordered_at, requested_ship_date, quantity, created_at, created_by)
  SELECT n.*, ${bound.bind(at, 'timestamptz')}, ${bound.bind(actor, 'text')} FROM new_order n, go
  ORDER BY n.order_number)`,
    hiddenRowsOf(bound, 'new_line', lines, [
      ['id', 'uuid', ({ id }) => id],
      ['order_id', 'uuid', ({ orderId }) => orderId],
      ['line_number', 'integer', ({ lineNumber }) => lineNumber],
      ['sku', 'text', ({ sku }) => sku],
      ['quantity', 'numeric', ({ quantity }) => formatDecimal(quantity)],
      ['min_shelf_life_days', 'integer', ({ minShelfLifeDays }) => minShelfLifeDays],
      ['picks', 'jsonb', ({ picks }) => picks && JSON.stringify(picks.map(pickRow))],
      ['reservation_id', 'uuid', ({ reservationId }) => reservationId],
    ]),
    `inserted_line AS (
  INSERT INTO order_lines (id, order_id, line_number, sku, quantity, min_shelf_life_days, picks, reservation_id)
  SELECT n.* FROM new_line n, go)`,
  ];

const pickRow = ({ inventoryId, quantity }: Pick) => ({ inventoryId, quantity: formatDecimal(quantity) });
