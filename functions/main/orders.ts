import { findOrder, listOrders as listStored } from '@inventory/database';
import { DomainError, type Order } from '@inventory/models';
import { type contracts, orderReply } from '@inventory/schemas';
import { entityHeaders } from '../http/answer.ts';
import { pageReply } from '../http/page.ts';
import type { Reply, UseCase } from '../http/use-case.ts';
import { enterOrders } from './new-orders.ts';

/** Creates one order or an array of them, all or none. */
export const createOrders: UseCase<typeof contracts.createOrders> = (request, context) => {
  const { body } = request;
  if (Array.isArray(body)) {
    const asked = body.map((given, index) => ({ given, pointer: `/${index}` }));
    return enterOrders(asked, (orders) => ({ status: 201, body: orders.map(orderReply) }), request, context);
  }
  return enterOrders([{ given: body, pointer: '' }], ([order]) => createdOrder(order!), request, context);
};

const createdOrder = (order: Order): Reply => ({
  status: 201,
  headers: entityHeaders({ path: `/orders/${order.id}`, version: order.version }),
  body: orderReply(order),
});

/** One order with its lines. */
export const readOrder: UseCase<typeof contracts.readOrder> = async ({ params }, { database }) => {
  const order = await findOrder(database, params.orderId);
  if (!order) throw new DomainError('NOT_FOUND', `There is no order ${params.orderId}`);
  return { status: 200, headers: entityHeaders({ version: order.version }), body: orderReply(order) };
};

/** Orders with their lines, newest first. */
export const listOrders: UseCase<typeof contracts.listOrders> = async ({ query, page }, { database }) => ({
  status: 200,
  body: pageReply(page, await listStored(database, query, page), orderReply),
});
