import { receiveLots } from '@inventory/database';
import { type Inventory, minorUnits, receive } from '@inventory/models';
import type { InventoryRequest } from '@inventory/schemas';
import { keyed } from '../http/replay.ts';
import type { Context, Reply, Request } from '../http/use-case.ts';
import { created } from './created.ts';
import { nextLotSequence } from './lot-sequence.ts';

type Receiving = Pick<Request<unknown, unknown, unknown>, 'caller' | 'idempotency' | 'now'>;

/** A lot as it is received; `pointer` is its place in the body: empty, or `/3` in an array. */
export function newLot(
  given: InventoryRequest,
  { now, pointer }: { now: string; pointer: string },
  { settings, newId }: Context,
): Inventory {
  const id = newId();
  const receivedAt = given.receivedAt ?? now;
  const totalCost = given.totalCost === null ? null : minorUnits(given.totalCost, settings.currency);
  const { lotUnitCost, openValue } = receive(
    { ...given, inventoryId: id, totalCost, receivedAt, pointer },
    // The statement that stores it looks for the first open month by itself.
    { currency: settings.currency, now, firstOpenAt: null },
  );
  return {
    id,
    lotSequence: nextLotSequence(),
    receiptNumber: given.receiptNumber,
    sku: given.sku,
    lotNumber: given.lotNumber,
    location: given.location,
    quantity: given.quantity,
    unitCost: lotUnitCost,
    totalCost,
    receivedAt,
    expiresOn: given.expiresOn,
    status: given.status,
    remainingQuantity: given.quantity,
    allocatedQuantity: 0n,
    openValue,
    returnOf: null,
    version: 1,
  };
}

/** Stores lots, all or none, and replies. Throws DUPLICATE_RECEIPT_NUMBER with a pointer to each that exists. */
export async function storeLots(
  lots: readonly Inventory[],
  reply: Reply,
  { caller, idempotency, now }: Receiving,
  { database, settings }: Context,
  pointerOf = (index: number) => `/${index}`,
): Promise<Reply> {
  const answer = keyed(reply, idempotency, now);
  const creation = await receiveLots(database, {
    lots,
    actor: caller,
    at: now,
    timeZone: settings.timeZone,
    keyed: answer,
  });
  return created(creation, {
    reply,
    idempotency,
    numbered: {
      member: 'receiptNumber',
      code: 'DUPLICATE_RECEIPT_NUMBER',
      numbers: lots.map(({ receiptNumber }, index) => ({ pointer: pointerOf(index), number: receiptNumber })),
    },
  });
}
