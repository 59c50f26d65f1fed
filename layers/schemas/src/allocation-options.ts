import { ONE } from '@inventory/models';
import * as z from 'zod';
import { quantity, weight } from './decimal.ts';
import { integer } from './number.ts';
import { ORDERS_OF_A_RUN } from './order-selection.ts';
import { list, optional, withDefault } from './presence.ts';
import { allDifferent, memberRule } from './rules.ts';
import { id, text } from './text.ts';
import { instant } from './time.ts';

const RunPick = z.strictObject({
  orderId: id('The order.'),
  lineNumber: integer({ min: 1, max: 999_999 }, 'Its line.'),
  inventoryId: id('The lot.'),
  quantity: quantity('How much of it.'),
});

const OrderWeight = z.strictObject({ orderId: id('The order.'), weight: weight('0 gets nothing.', '2') });

/** What a run or a comparison may narrow or name beside the orders and the strategy. */
export const allocationOptions = {
  locations: optional(list(text('A location.', 'W1'), { max: 1_000 })).meta({ description: 'Allowed locations.' }),
  locationPriority: optional(list(text('A location.', 'W1'), { max: 1_000 })).meta({
    description: 'Required for LOCATION_PRIORITY: the first is drawn first, unlisted ones last.',
  }),
  picks: optional(
    list(RunPick, { min: 0, max: ORDERS_OF_A_RUN }).check(
      allDifferent('inventoryId', (pick) => `${pick.orderId}/${pick.lineNumber}/${pick.inventoryId}`),
    ),
  ).meta({ description: 'For SPECIFIC, instead of the picks of the lines; taken in the given order.' }),
  weights: optional(
    list(OrderWeight, { min: 0, max: ORDERS_OF_A_RUN }).check(allDifferent('orderId', (item) => item.orderId)),
  ).meta({ description: 'For PRO_RATA; an order without one weighs its open quantity.' }),
  quantityStep: withDefault(quantity('For PRO_RATA: shares are multiples of it.', '1'), ONE).meta({ default: '1' }),
  asOf: optional(instant('When the run happens; now where it is left out. Only a dry run may look ahead.')),
};

/** The rule that belongs to `allocationOptions`: LOCATION_PRIORITY needs its list, whoever names it. */
export const locationPriorityGiven = memberRule((request, report) => {
  const { allocationMethod, pick, methods, locationPriority } = request;
  const named = [allocationMethod, pick, ...(Array.isArray(methods) ? methods : [])];
  if (named.includes('LOCATION_PRIORITY') && (locationPriority ?? null) === null) {
    report(['locationPriority'], 'is required for LOCATION_PRIORITY');
  }
});
