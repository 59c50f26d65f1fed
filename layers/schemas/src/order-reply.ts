import { formatDecimal, type Order, type OrderLine, orderStatus, orderStatuses } from '@inventory/models';
import * as z from 'zod';
import { dateReply, enumReply, idReply, instantReply, integerReply, quantityReply, textReply } from './reply-scalar.ts';

const OrderLineResponse = z.object({
  id: idReply('The line.'),
  lineNumber: integerReply('Unique in the order.'),
  sku: textReply('What is wanted.'),
  quantity: quantityReply('As ordered.'),
  minShelfLifeDays: integerReply('Days that a lot must still be good for.').nullable(),
  picks: z.array(z.object({ inventoryId: idReply('The lot.'), quantity: quantityReply('How much of it.') })).nullable(),
  reservationId: idReply('The reservation that the line uses.').nullable(),
  status: enumReply(orderStatuses, 'Computed of the quantities.'),
  allocatedQuantity: quantityReply('Allocated and not shipped.'),
  shippedQuantity: quantityReply('Shipped.'),
  cancelledQuantity: quantityReply('Cancelled.'),
  backorderQuantity: quantityReply('quantity − cancelled − allocated − shipped.'),
});

export const OrderResponse = z.object({
  id: idReply('The order.'),
  orderNumber: textReply("The caller's own number."),
  customerId: textReply("The caller's own customer.").nullable(),
  priority: integerReply('1 is the most important, 9 the least.'),
  orderedAt: instantReply('When it was ordered.'),
  requestedShipDate: dateReply('When the customer wants it shipped.').nullable(),
  status: enumReply(orderStatuses, 'Computed of the totals of the lines.'),
  lines: z.array(OrderLineResponse).meta({ description: 'By lineNumber.' }),
  version: integerReply('Moves with every change by a caller; also the `ETag`.'),
  createdAt: instantReply('When it was stored.'),
});
export type OrderResponse = z.output<typeof OrderResponse>;

/** An order as every answer shows it. */
export const orderReply = (order: Order): OrderResponse => ({
  id: order.id,
  orderNumber: order.orderNumber,
  customerId: order.customerId,
  priority: order.priority,
  orderedAt: order.orderedAt,
  requestedShipDate: order.requestedShipDate,
  status: orderStatus(totalsOf(order.lines)),
  lines: order.lines.map(lineReply),
  version: order.version,
  createdAt: order.createdAt,
});

const lineReply = (line: OrderLine): z.output<typeof OrderLineResponse> => ({
  id: line.id,
  lineNumber: line.lineNumber,
  sku: line.sku,
  quantity: formatDecimal(line.quantity),
  minShelfLifeDays: line.minShelfLifeDays,
  picks: line.picks?.map((pick) => ({ inventoryId: pick.inventoryId, quantity: formatDecimal(pick.quantity) })) ?? null,
  reservationId: line.reservationId,
  status: orderStatus(line),
  allocatedQuantity: formatDecimal(line.allocatedQuantity),
  shippedQuantity: formatDecimal(line.shippedQuantity),
  cancelledQuantity: formatDecimal(line.cancelledQuantity),
  backorderQuantity: formatDecimal(
    line.quantity - line.cancelledQuantity - line.allocatedQuantity - line.shippedQuantity,
  ),
});

function totalsOf(lines: readonly OrderLine[]): Parameters<typeof orderStatus>[0] {
  const totals = { quantity: 0n, cancelledQuantity: 0n, allocatedQuantity: 0n, shippedQuantity: 0n };
  for (const line of lines) {
    totals.quantity += line.quantity;
    totals.cancelledQuantity += line.cancelledQuantity;
    totals.allocatedQuantity += line.allocatedQuantity;
    totals.shippedQuantity += line.shippedQuantity;
  }
  return totals;
}
