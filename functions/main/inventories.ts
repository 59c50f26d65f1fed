import { findInventory, listInventories as listLots } from '@inventory/database';
import { DomainError, type Inventory } from '@inventory/models';
import { type contracts, inventoryReply } from '@inventory/schemas';
import { entityHeaders } from '../http/answer.ts';
import { pageReply } from '../http/page.ts';
import type { Context, Reply, UseCase } from '../http/use-case.ts';
import { enterLots } from './new-lots.ts';

/** Receives one lot or an array of them, all or none. */
export const receiveInventories: UseCase<typeof contracts.receiveInventories> = (request, context) => {
  const { body, now } = request;
  const show = lotReply(now, context);
  if (Array.isArray(body)) {
    const delivered = body.map((given, index) => ({ given, pointer: `/${index}` }));
    return enterLots(delivered, (lots) => ({ status: 201, body: lots.map(show) }), request, context);
  }
  const createdLot = (lot: Inventory): Reply => ({
    status: 201,
    headers: entityHeaders({ path: `/inventories/${lot.id}`, version: lot.version }),
    body: show(lot),
  });
  return enterLots([{ given: body, pointer: '' }], ([lot]) => createdLot(lot!), request, context);
};

/** One lot, with what is available of it now. */
export const readInventory: UseCase<typeof contracts.readInventory> = async ({ params, now }, context) => {
  const lot = await findInventory(context.database, params.inventoryId);
  if (!lot) throw new DomainError('NOT_FOUND', `There is no lot ${params.inventoryId}`);
  return { status: 200, headers: entityHeaders({ version: lot.version }), body: lotReply(now, context)(lot) };
};

/** Lots, newest first. */
export const listInventories: UseCase<typeof contracts.listInventories> = async ({ query, page, now }, context) => {
  const { limit: _, cursor: __, ...filters } = query;
  const lots = await listLots(context.database, filters, page);
  return { status: 200, body: pageReply(page, lots, lotReply(now, context)) };
};

const lotReply =
  (now: string, { settings }: Context) =>
  (lot: Inventory) =>
    inventoryReply(lot, { now, currency: settings.currency, timeZone: settings.timeZone });
