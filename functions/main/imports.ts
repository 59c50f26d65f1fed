import type { contracts, ImportResponse } from '@inventory/schemas';
import type { Reply, UseCase } from '../http/use-case.ts';
import { newLot, storeLots } from './new-lots.ts';
import { newOrder, storeOrders } from './new-orders.ts';

/** Creates the orders of a CSV file, all or none; a row is a line. */
export const importOrders: UseCase<typeof contracts.importOrders> = (request, context) => {
  const orders = request.body.map((order) => newOrder(order, request.now, context));
  const rows = orders.reduce((sum, { lines }) => sum + lines.length, 0);
  return storeOrders(orders, imported(rows, orders), request, context);
};

/** Receives the lots of a CSV file, all or none; a row is a lot. */
export const importInventories: UseCase<typeof contracts.importInventories> = (request, context) => {
  const { body, now } = request;
  const lots = body.map((lot, index) => newLot(lot, { now, pointer: `/${index}` }, context));
  return storeLots(lots, imported(lots.length, lots), request, context);
};

function imported(rows: number, created: readonly { readonly id: string }[]): Reply {
  const body: ImportResponse = { rows, created: created.length, ids: created.map(({ id }) => id) };
  return { status: 201, body };
}
