import { orderStatuses } from '@inventory/models';
import * as z from 'zod';
import { integer } from './number.ts';
import { list, optional } from './presence.ts';
import { memberRule } from './rules.ts';
import { id, oneOf, text } from './text.ts';
import { date } from './time.ts';

export const ORDERS_OF_A_RUN = 10_000;

export const OrderFilter = z.strictObject({
  status: optional(oneOf(orderStatuses, 'Orders in this state.')),
  customerId: optional(text('Orders of this customer.')),
  sku: optional(text('Orders with a line of this SKU.')),
  priority: optional(integer({ min: 1, max: 9 }, 'Orders of this priority.')),
  requestedShipDateBefore: optional(date('Orders to be shipped before this date, exclusive.')),
});
export type OrderFilter = z.output<typeof OrderFilter>;

/** Which orders a run serves: exactly one of the three. An order that is named twice counts once. */
export const orderSelection = {
  orderIds: optional(distinct(id('An order.'), 'The orders to serve, by id.')),
  orderNumbers: optional(distinct(text('An order number.'), 'The orders to serve, by orderNumber.')),
  filter: optional(OrderFilter).meta({ description: 'The orders to serve: `{}` is all open ones.' }),
};

/** The rule that belongs to `orderSelection`. */
export const oneSelection = memberRule((request, report) => {
  const [first, ...more] = Object.keys(orderSelection).filter((member) => (request[member] ?? null) !== null);
  if (!first) report([], 'exactly one of orderIds, orderNumbers and filter is required');
  for (const member of more) report([member], `must not be given beside ${first}`);
});

function distinct(item: z.ZodType<string>, description: string) {
  return list(item, { max: ORDERS_OF_A_RUN })
    .transform((values) => [...new Set(values)])
    .meta({ description });
}
