import { createOrders, type Database, receiveLots } from '@inventory/database';
import { type Inventory, type Order, receiptValue } from '@inventory/models';
import { v7 as uuid } from 'uuid';
import { seeded } from '../random.ts';

export const NOW = '2026-02-01T12:00:00.000Z';
const USD = { code: 'USD', digits: 2 };

export type Dataset = {
  readonly orders: readonly Order[];
  readonly lots: readonly Inventory[];
  readonly lines: number;
};

/** Orders of four lines over SKUs with three lots each; about a tenth of the demand cannot be met. Same numbers each time. */
export function dataset({ lines, skus }: { lines: number; skus: number }): Dataset {
  const random = seeded(lines);
  const skuOf = (index: number) => `SKU-${String(index).padStart(6, '0')}`;
  const perSku = Math.ceil((lines * 6 * 0.9) / skus / 3);
  const lots = Array.from({ length: skus * 3 }, (_, index) => {
    const quantity = BigInt(perSku) * 1_000_000n;
    const unitCost = BigInt(100 + Math.floor(random() * 2000)) * 10_000n;
    return {
      id: uuid(),
      lotSequence: index + 1,
      receiptNumber: null,
      sku: skuOf(index % skus),
      lotNumber: null,
      location: `W${1 + (index % 4)}`,
      quantity,
      unitCost,
      totalCost: null,
      receivedAt: `2026-01-${String(1 + Math.floor(random() * 28)).padStart(2, '0')}T00:00:00.000Z`,
      expiresOn: null,
      status: 'AVAILABLE',
      remainingQuantity: quantity,
      allocatedQuantity: 0n,
      openValue: receiptValue(quantity, unitCost, USD),
      returnOf: null,
      version: 1,
    } satisfies Inventory;
  });
  const orders = Array.from({ length: Math.ceil(lines / 4) }, (_, index): Order => {
    const id = uuid();
    return {
      id,
      orderNumber: `ORDER-${index}`,
      customerId: null,
      priority: 1 + Math.floor(random() * 9),
      orderedAt: NOW,
      requestedShipDate: null,
      version: 1,
      createdAt: NOW,
      lines: Array.from({ length: 4 }, (_, line) => ({
        id: uuid(),
        lineNumber: line + 1,
        sku: skuOf(Math.floor(random() * skus)),
        quantity: BigInt(1 + Math.floor(random() * 11)) * 1_000_000n,
        minShelfLifeDays: null,
        picks: null,
        reservationId: null,
        allocatedQuantity: 0n,
        shippedQuantity: 0n,
        cancelledQuantity: 0n,
      })),
    };
  });
  return { orders, lots, lines: orders.length * 4 };
}

export async function fill(database: Database, { orders, lots }: Dataset): Promise<void> {
  for (const part of slices(lots, 5_000)) {
    await receiveLots(database, { lots: part, actor: 'bench', at: NOW, timeZone: 'UTC', keyed: null });
  }
  for (const part of slices(orders, 2_000)) {
    await createOrders(database, { orders: part, actor: 'bench', at: NOW, keyed: null });
  }
}

export const slices = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
