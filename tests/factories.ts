import type { Inventory, Order, OrderLine } from '@inventory/models';
import { v7 as uuid } from 'uuid';

/** The moment at which tests happen, unless they say otherwise. */
export const NOW = '2026-02-01T12:00:00.000Z';

/** A quantity or unit cost in millionths; up to six places. */
export const millionths = (quantity: number): bigint => BigInt(Math.round(quantity * 1_000_000));

type Given<Entity> = { [Member in keyof Entity]?: Entity[Member] };

/** An order of one unit of `A`, unless lines are given. */
export const anOrder = ({
  lines = [{}],
  ...given
}: Given<Omit<Order, 'lines'>> & { lines?: Given<OrderLine>[] } = {}) => {
  const id = uuid();
  const order: Order = {
    id,
    orderNumber: `SO-${id}`,
    customerId: null,
    priority: 5,
    orderedAt: NOW,
    requestedShipDate: null,
    version: 1,
    createdAt: NOW,
    lines: lines.map((line, index) => anOrderLine({ lineNumber: index + 1, ...line })),
    ...given,
  };
  return order;
};

const anOrderLine = (given: Given<OrderLine>): OrderLine => ({
  id: uuid(),
  lineNumber: 1,
  sku: 'A',
  quantity: millionths(1),
  minShelfLifeDays: null,
  picks: null,
  reservationId: null,
  allocatedQuantity: 0n,
  shippedQuantity: 0n,
  cancelledQuantity: 0n,
  ...given,
});

/** 10 units of `A` at 12.00 in W1, all of them open. */
export const aLot = (given: Given<Inventory> = {}): Inventory => {
  const quantity = given.quantity ?? millionths(10);
  const unitCost = given.unitCost ?? millionths(12);
  return {
    id: uuid(),
    lotSequence: ++lotSequence,
    receiptNumber: null,
    sku: 'A',
    lotNumber: null,
    location: 'W1',
    quantity,
    unitCost,
    totalCost: null,
    receivedAt: NOW,
    expiresOn: null,
    status: 'AVAILABLE',
    remainingQuantity: quantity,
    allocatedQuantity: 0n,
    openValue: (quantity * unitCost) / 10n ** 10n,
    returnOf: null,
    version: 1,
    ...given,
  };
};

let lotSequence = 0;
