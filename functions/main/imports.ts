import type { contracts, ImportResponse } from '@inventory/schemas';
import type { Reply, UseCase } from '../http/use-case.ts';
import { enterLots } from './new-lots.ts';
import { enterOrders } from './new-orders.ts';

/** Creates the orders of a CSV file, all or none; a row is a line. */
export const importOrders: UseCase<typeof contracts.importOrders> = (request, context) => {
  const asked = request.body.map((given, index) => ({ given, pointer: `/${index}` }));
  const rows = request.body.reduce((sum, { lines }) => sum + lines.length, 0);
  return enterOrders(asked, (orders) => imported(rows, orders), request, context);
};

/** Receives the lots of a CSV file, all or none; a row is a lot. */
export const importInventories: UseCase<typeof contracts.importInventories> = (request, context) => {
  const delivered = request.body.map((given, index) => ({ given, pointer: `/${index}` }));
  return enterLots(delivered, (lots) => imported(lots.length, lots), request, context);
};

function imported(rows: number, created: readonly { readonly id: string }[]): Reply {
  const body: ImportResponse = { rows, created: created.length, ids: created.map(({ id }) => id) };
  return { status: 201, body };
}
