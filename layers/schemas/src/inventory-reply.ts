import {
  type Currency,
  dateOf,
  formatDecimal,
  formatFixed,
  formatMoney,
  type Instant,
  type Inventory,
  lotStatuses,
} from '@inventory/models';
import * as z from 'zod';
import {
  dateReply,
  enumReply,
  idReply,
  instantReply,
  integerReply,
  moneyReply,
  quantityReply,
  textReply,
  unitCostReply,
} from './reply-scalar.ts';

export const InventoryResponse = z.object({
  id: idReply('The lot.'),
  lotSequence: integerReply('Made by the server, ascending: the last tie-break of every pick rule.'),
  receiptNumber: textReply("The caller's own number.").nullable(),
  sku: textReply('What was received.'),
  lotNumber: textReply("The maker's lot.").nullable(),
  location: textReply('Where it lies.'),
  quantity: quantityReply('As received.'),
  unitCost: unitCostReply('As received; of a lot given by totalCost: totalCost ÷ quantity.'),
  totalCost: moneyReply('As given.').nullable(),
  receivedAt: instantReply('When it was received.'),
  expiresOn: dateReply('The last good day, inclusive.').nullable(),
  status: enumReply(lotStatuses, 'A lot on hold serves no one.'),
  remainingQuantity: quantityReply('Physically here.'),
  allocatedQuantity: quantityReply('Of what is here, promised to order lines.'),
  availableQuantity: quantityReply('Open for new allocations: 0 when held, expired or not yet received.'),
  openValue: moneyReply('Value of what is not allocated.'),
  returnOf: idReply('The result that a return reverses.').nullable(),
  version: integerReply('Moves with every change by a caller; also the `ETag`.'),
});
export type InventoryResponse = z.output<typeof InventoryResponse>;

/** When and where a lot is looked at: it decides what is available of it. */
export type View = { readonly currency: Currency; readonly now: Instant; readonly timeZone: string };

/** A lot as every answer shows it. */
export const inventoryReply = (lot: Inventory, view: View): InventoryResponse => ({
  id: lot.id,
  lotSequence: lot.lotSequence,
  receiptNumber: lot.receiptNumber,
  sku: lot.sku,
  lotNumber: lot.lotNumber,
  location: lot.location,
  quantity: formatDecimal(lot.quantity),
  unitCost: formatFixed(lot.unitCost),
  totalCost: lot.totalCost === null ? null : formatMoney(lot.totalCost, view.currency),
  receivedAt: lot.receivedAt,
  expiresOn: lot.expiresOn,
  status: lot.status,
  remainingQuantity: formatDecimal(lot.remainingQuantity),
  allocatedQuantity: formatDecimal(lot.allocatedQuantity),
  availableQuantity: formatDecimal(isOpen(lot, view) ? lot.remainingQuantity - lot.allocatedQuantity : 0n),
  openValue: formatMoney(lot.openValue, view.currency),
  returnOf: lot.returnOf,
  version: lot.version,
});

const isOpen = (lot: Inventory, { now, timeZone }: View) =>
  lot.status === 'AVAILABLE' &&
  lot.receivedAt <= now &&
  (lot.expiresOn === null || lot.expiresOn >= dateOf(now, timeZone));
