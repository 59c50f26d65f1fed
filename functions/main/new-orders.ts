import { createOrders } from '@inventory/database';
import type { Order } from '@inventory/models';
import type { OrderRequest } from '@inventory/schemas';
import { keyed } from '../http/replay.ts';
import type { Context, Reply, Request } from '../http/use-case.ts';
import { created } from './created.ts';
import { checkReferences } from './order-references.ts';

/** Orders as they were asked for; `pointer` is the place of each in the body: empty, or `/3` in an array. */
export type Asked = readonly { readonly given: OrderRequest; readonly pointer: string }[];

/**
 * Creates orders, all or none, and replies what `replyOf` makes of them; or as before where an equal request came first.
 * Throws DUPLICATE_ORDER_NUMBER with a pointer to each that exists, and what `checkReferences` throws.
 */
export async function enterOrders(
  asked: Asked,
  replyOf: (orders: readonly Order[]) => Reply,
  request: Pick<Request<unknown, unknown, unknown>, 'caller' | 'idempotency' | 'now'>,
  context: Context,
): Promise<Reply> {
  const { caller, idempotency, now } = request;
  const earlier = await checkReferences(asked.flatMap(linesOf), request, context);
  if (earlier) return earlier;

  const orders = asked.map(({ given }) => newOrder(given, now, context));
  const reply = replyOf(orders);
  const answer = keyed(reply, idempotency, now);
  const creation = await createOrders(context.database, { orders, actor: caller, at: now, keyed: answer });
  return created(creation, {
    reply,
    idempotency,
    numbered: {
      member: 'orderNumber',
      code: 'DUPLICATE_ORDER_NUMBER',
      numbers: asked.map(({ given, pointer }) => ({ pointer, number: given.orderNumber })),
    },
  });
}

const linesOf = ({ given, pointer }: Asked[number]) =>
  given.lines.map((line, index) => ({ line, pointer: `${pointer}/lines/${index}` }));

function newOrder({ lines, ...given }: OrderRequest, now: string, { newId }: Context): Order {
  return {
    id: newId(),
    ...given,
    orderedAt: given.orderedAt ?? now,
    lines: lines
      .map((line) => ({ id: newId(), ...line, allocatedQuantity: 0n, shippedQuantity: 0n, cancelledQuantity: 0n }))
      .sort((one, other) => one.lineNumber - other.lineNumber),
    version: 1,
    createdAt: now,
  };
}
