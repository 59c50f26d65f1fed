import { receiveLots } from '@inventory/database';
import { type Inventory, minorUnits, receive } from '@inventory/models';
import type { InventoryRequest } from '@inventory/schemas';
import { keyed } from '../http/replay.ts';
import type { Context, Reply, Request } from '../http/use-case.ts';
import { created } from './created.ts';
import { nextLotSequence } from './lot-sequence.ts';

/** Lots as they were delivered; `pointer` is the place of each in the body: empty, or `/3` in an array. */
export type Delivered = readonly { readonly given: InventoryRequest; readonly pointer: string }[];

/**
 * Receives lots, all or none, and replies what `replyOf` makes of them; or as before where an equal request came first.
 * Throws DUPLICATE_RECEIPT_NUMBER with a pointer to each that exists, and what the core's `receive` throws.
 */
export async function enterLots(
  delivered: Delivered,
  replyOf: (lots: readonly Inventory[]) => Reply,
  { caller, idempotency, now }: Pick<Request<unknown, unknown, unknown>, 'caller' | 'idempotency' | 'now'>,
  context: Context,
): Promise<Reply> {
  const lots = delivered.map((each) => newLot(each, now, context));
  const reply = replyOf(lots);
  const creation = await receiveLots(context.database, {
    lots,
    actor: caller,
    at: now,
    timeZone: context.settings.timeZone,
    keyed: keyed(reply, idempotency, now),
  });
  return created(creation, {
    reply,
    idempotency,
    numbered: {
      member: 'receiptNumber',
      code: 'DUPLICATE_RECEIPT_NUMBER',
      numbers: delivered.map(({ given, pointer }) => ({ pointer, number: given.receiptNumber })),
    },
  });
}

function newLot({ given, pointer }: Delivered[number], now: string, { settings, newId }: Context): Inventory {
  const { sku, location, quantity, receiptNumber, lotNumber, expiresOn, status } = given;
  const id = newId();
  const receivedAt = given.receivedAt ?? now;
  const totalCost = given.totalCost === null ? null : minorUnits(given.totalCost, settings.currency);
  const { lotUnitCost, openValue } = receive(
    { inventoryId: id, sku, quantity, unitCost: given.unitCost, totalCost, receivedAt, receiptNumber, pointer },
    // The statement that stores it looks for the first open month by itself.
    { currency: settings.currency, now, firstOpenAt: null },
  );
  return {
    ...{ id, lotSequence: nextLotSequence(), receiptNumber, sku, lotNumber, location, quantity },
    ...{ unitCost: lotUnitCost, totalCost, receivedAt, expiresOn, status },
    ...{ remainingQuantity: quantity, allocatedQuantity: 0n, openValue, returnOf: null, version: 1 },
  };
}
