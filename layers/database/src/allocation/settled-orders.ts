import { parameters } from '../parameters.ts';
import type { Queryable } from '../queryable.ts';

/** Those of the orders that exist and have nothing open. */
export async function settledOrders(database: Queryable, orderIds: readonly string[]): Promise<ReadonlySet<string>> {
  const bound = parameters();
  const rows = await database.query({
    text: `SELECT id FROM orders
WHERE id IN (SELECT * FROM unnest(${bound.bind(orderIds, 'uuid[]')})) AND open_quantity = 0`,
    values: bound.values,
  });
  return new Set(rows.map(({ id }) => String(id)));
}
