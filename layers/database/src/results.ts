import type { AllocationResult, Costing, ResultStatus } from '@inventory/models';
import type { Database } from './connection.ts';
import type { AllocationResult as ResultRow } from './generated/client.ts';
import { modelQuery } from './model-query.ts';
import { given, type Page, type PageRequest, pageOf } from './page.ts';
import { decimalOf, instantOf, nameOf } from './stored-scalar.ts';

export type ResultFilters = {
  readonly orderId?: string | null;
  readonly runId?: string | null;
  readonly sku?: string | null;
  readonly inventoryId?: string | null;
  readonly status?: ResultStatus | null;
  readonly costing?: Costing | null;
};

/** The result of that id, or null. */
export async function findResult(database: Database, id: string): Promise<AllocationResult | null> {
  const row = await modelQuery(database, (prisma) => prisma.allocationResult.findUnique({ where: { id } }));
  return row && resultOf(row);
}

/** Results, newest first. One call. */
export async function listResults(
  database: Database,
  filters: ResultFilters,
  { limit, after }: PageRequest,
): Promise<Page<AllocationResult>> {
  const where = { ...given(filters), ...(after && { id: { lt: after } }) };
  const rows = await modelQuery(database, (prisma) =>
    prisma.allocationResult.findMany({ where, orderBy: { id: 'desc' }, take: limit + 1 }),
  );
  return pageOf(rows.map(resultOf), limit, ({ id }) => id);
}

const resultOf = (row: ResultRow): AllocationResult => ({
  id: row.id,
  runId: row.runId,
  orderId: row.orderId,
  orderLineId: row.orderLineId,
  lineNumber: row.lineNumber,
  inventoryId: row.inventoryId,
  sku: row.sku,
  location: row.location,
  quantity: decimalOf(row.quantity),
  lotUnitCost: decimalOf(row.lotUnitCost),
  costAmount: row.costAmount,
  costing: nameOf(row.costing),
  status: nameOf(row.status),
  createdAt: instantOf(row.createdAt),
  shippedAt: row.shippedAt && instantOf(row.shippedAt),
  releasedAt: row.releasedAt && instantOf(row.releasedAt),
});
