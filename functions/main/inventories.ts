import { findInventory, listInventories as listLots } from '@inventory/database';
import { DomainError, type Inventory } from '@inventory/models';
import { type contracts, inventoryReply } from '@inventory/schemas';
import { entityHeaders } from '../http/answer.ts';
import { pageReply } from '../http/page.ts';
import type { Context, UseCase } from '../http/use-case.ts';
import { newLot, storeLots } from './new-lots.ts';

/** Receives one lot or an array of them, all or none. */
export const receiveInventories: UseCase<typeof contracts.receiveInventories> = (request, context) => {
  const { body, now } = request;
  const show = lotReply(now, context);
  if (Array.isArray(body)) {
    const lots = body.map((lot, index) => newLot(lot, { now, pointer: `/${index}` }, context));
    return storeLots(lots, { status: 201, body: lots.map(show) }, request, context);
  }
  const lot = newLot(body, { now, pointer: '' }, context);
  const headers = entityHeaders({ path: `/inventories/${lot.id}`, version: lot.version });
  return storeLots([lot], { status: 201, headers, body: show(lot) }, request, context, () => '');
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
