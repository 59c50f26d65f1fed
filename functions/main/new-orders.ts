import { createOrders } from '@inventory/database';
import type { Order } from '@inventory/models';
import type { OrderRequest } from '@inventory/schemas';
import { keyed } from '../http/replay.ts';
import type { Context, Reply, Request } from '../http/use-case.ts';
import { created } from './created.ts';

type Entering = Pick<Request<unknown, unknown, unknown>, 'caller' | 'idempotency' | 'now'>;

/** An order as it is created. */
export function newOrder({ lines, ...given }: OrderRequest, now: string, { newId }: Context): Order {
  const id = newId();
  return {
    id,
    ...given,
    orderedAt: given.orderedAt ?? now,
    lines: lines
      .map((line) => ({ id: newId(), ...line, allocatedQuantity: 0n, shippedQuantity: 0n, cancelledQuantity: 0n }))
      .sort((one, other) => one.lineNumber - other.lineNumber),
    version: 1,
    createdAt: now,
  };
}

/** Stores orders, all or none, and replies. Throws DUPLICATE_ORDER_NUMBER with a pointer to each that exists. */
export async function storeOrders(
  orders: readonly Order[],
  reply: Reply,
  { caller, idempotency, now }: Entering,
  { database }: Context,
  pointerOf = (index: number) => `/${index}`,
): Promise<Reply> {
  const answer = keyed(reply, idempotency, now);
  const creation = await createOrders(database, { orders, actor: caller, at: now, keyed: answer });
  return created(creation, {
    reply,
    idempotency,
    numbered: {
      member: 'orderNumber',
      code: 'DUPLICATE_ORDER_NUMBER',
      numbers: orders.map(({ orderNumber }, index) => ({ pointer: pointerOf(index), number: orderNumber })),
    },
  });
}
