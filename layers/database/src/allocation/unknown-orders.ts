import { parameters } from '../parameters.ts';
import type { Queryable } from '../queryable.ts';
import type { OrderChoice } from './demand.ts';

/** The ids or numbers of a choice that no order has, in the order given; none for a filter. */
export async function unknownOrders(database: Queryable, choice: OrderChoice): Promise<string[]> {
  if ('filter' in choice) return [];
  const bound = parameters();
  const [names, column] =
    'orderIds' in choice
      ? [bound.bind(choice.orderIds, 'uuid[]'), 'id']
      : [bound.bind(choice.orderNumbers, 'text[]'), 'order_number'];
  const rows = await database.query({
    text: `SELECT name::text AS name FROM unnest(${names}) WITH ORDINALITY AS named(name, place)
WHERE name NOT IN (SELECT ${column} FROM orders WHERE ${column} IN (SELECT * FROM unnest(${names}))) ORDER BY place`,
    values: bound.values,
  });
  return rows.map(({ name }) => String(name));
}
