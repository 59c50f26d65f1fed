import { formatDecimal, type Instant, type Order, type Pick } from '@inventory/models';
import { type Creation, create, gate } from './creation.ts';
import { parameters, rowsOf } from './parameters.ts';
import type { Queryable } from './queryable.ts';
import type { KeyedAnswer } from './stored-answer.ts';

/**
 * Inserts orders with their lines, all or none, in one call. An order number that another request writes at the same
 * moment is a `DatabaseError` UNIQUE_VIOLATION.
 */
export async function createOrders(
  database: Queryable,
  of: { orders: readonly Order[]; actor: string; at: Instant; keyed: KeyedAnswer | null },
): Promise<Creation> {
  const bound = parameters();
  const lines = of.orders.flatMap((order) => order.lines.map((line) => ({ ...line, orderId: order.id })));
  const sources = [
    rowsOf(bound, 'new_order', of.orders, [
      ['id', 'uuid', ({ id }) => id],
      ['order_number', 'text', ({ orderNumber }) => orderNumber],
      ['customer_id', 'text', ({ customerId }) => customerId],
      ['priority', 'smallint', ({ priority }) => priority],
      ['ordered_at', 'timestamptz', ({ orderedAt }) => orderedAt],
      ['requested_ship_date', 'date', ({ requestedShipDate }) => requestedShipDate],
      ['quantity', 'numeric', (order) => formatDecimal(order.lines.reduce((sum, { quantity }) => sum + quantity, 0n))],
    ]),
    `duplicate AS MATERIALIZED (
  SELECT order_number AS number FROM orders WHERE order_number IN (SELECT order_number FROM new_order))`,
    ...gate(of.keyed, bound),
    `inserted_order AS (
  INSERT INTO orders (id, order_number, customer_id, priority, ordered_at, requested_ship_date, quantity, created_at, created_by)
  SELECT n.*, ${bound.bind(of.at, 'timestamptz')}, ${bound.bind(of.actor, 'text')} FROM new_order n, go)`,
    rowsOf(bound, 'new_line', lines, [
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
  return create(database, { sources, bound, keyed: of.keyed, at: of.at });
}

const pickRow = ({ inventoryId, quantity }: Pick) => ({ inventoryId, quantity: formatDecimal(quantity) });
