import type { Inventory, LocalDate, LotStatus } from '@inventory/models';
import type { Database } from './connection.ts';
import type { Inventory as InventoryRow } from './generated/client.ts';
import { modelQuery } from './model-query.ts';
import { given, type Page, type PageRequest, pageOf } from './page.ts';
import { dateFrom, dateOnlyOf, decimalOf, instantOf, nameOf } from './stored-scalar.ts';

export type InventoryFilters = {
  readonly sku?: string | null;
  readonly location?: string | null;
  readonly status?: LotStatus | null;
  readonly lotNumber?: string | null;
  readonly receiptNumber?: string | null;
  /** Lots whose last good day is earlier. */
  readonly expiringBefore?: LocalDate | null;
};

/** The lot of that id, or null. */
export async function findInventory(database: Database, id: string): Promise<Inventory | null> {
  const row = await modelQuery(database, (prisma) => prisma.inventory.findUnique({ where: { id } }));
  return row && inventoryOf(row);
}

/** Lots, newest first. One call. */
export async function listInventories(
  database: Database,
  { expiringBefore, ...equal }: InventoryFilters,
  { limit, after }: PageRequest,
): Promise<Page<Inventory>> {
  const where = {
    ...given(equal),
    ...(expiringBefore && { expiresOn: { lt: dateFrom(expiringBefore) } }),
    ...(after && { id: { lt: after } }),
  };
  const rows = await modelQuery(database, (prisma) =>
    prisma.inventory.findMany({ where, orderBy: { id: 'desc' }, take: limit + 1 }),
  );
  return pageOf(rows.map(inventoryOf), limit, ({ id }) => id);
}

const inventoryOf = (row: InventoryRow): Inventory => ({
  id: row.id,
  lotSequence: Number(row.lotSequence),
  receiptNumber: row.receiptNumber,
  sku: row.sku,
  lotNumber: row.lotNumber,
  location: row.location,
  quantity: decimalOf(row.quantity),
  unitCost: decimalOf(row.unitCost),
  totalCost: row.totalCost,
  receivedAt: instantOf(row.receivedAt),
  expiresOn: row.expiresOn && dateOnlyOf(row.expiresOn),
  status: nameOf(row.status),
  remainingQuantity: decimalOf(row.remainingQuantity),
  allocatedQuantity: decimalOf(row.allocatedQuantity),
  openValue: row.openValue,
  returnOf: row.returnOf,
  version: row.version,
});
