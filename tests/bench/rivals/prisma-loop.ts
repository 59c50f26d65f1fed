import type { Database } from '@inventory/database';
import { v7 as uuid } from 'uuid';
import { NOW } from '../dataset.ts';

/** What is written first: per line a transaction that reads the lots oldest first and updates them one by one. */
export async function prismaLoop(database: Database, orderIds: readonly string[]): Promise<number> {
  const { prisma } = database;
  const began = performance.now();
  for (const orderId of orderIds) {
    const lines = await prisma.orderLine.findMany({ where: { orderId }, orderBy: { lineNumber: 'asc' } });
    for (const line of lines) {
      await prisma.$transaction(async (transaction) => {
        let open = Number(line.quantity);
        const lots = await transaction.inventory.findMany({
          where: { sku: line.sku, status: 'AVAILABLE' },
          orderBy: [{ receivedAt: 'asc' }, { lotSequence: 'asc' }],
        });
        for (const lot of lots) {
          const quantity = Math.min(open, Number(lot.remainingQuantity) - Number(lot.allocatedQuantity));
          if (quantity <= 0) continue;
          open -= quantity;
          await transaction.inventory.update({
            where: { id: lot.id },
            data: {
              allocatedQuantity: { increment: quantity },
              openValue: { decrement: Math.round(quantity * Number(lot.unitCost) * 100) },
            },
          });
          const result = await transaction.allocationResult.create({
            data: {
              id: uuid(),
              runId: uuid(),
              orderId,
              orderLineId: line.id,
              lineNumber: line.lineNumber,
              inventoryId: lot.id,
              sku: line.sku,
              location: lot.location,
              quantity,
              lotUnitCost: lot.unitCost,
              costAmount: BigInt(Math.round(quantity * Number(lot.unitCost) * 100)),
              costing: 'FINAL',
              status: 'ALLOCATED',
              asOf: NOW,
              createdAt: NOW,
            },
          });
          await transaction.movement.create({
            data: {
              kind: 'ALLOCATE',
              sku: line.sku,
              inventoryId: lot.id,
              quantityDelta: -quantity,
              valueDelta: -result.costAmount,
              reference: result.id,
              actor: 'bench',
              at: NOW,
              effectiveAt: NOW,
            },
          });
          await transaction.orderLine.update({
            where: { id: line.id },
            data: { allocatedQuantity: { increment: quantity } },
          });
          if (open === 0) break;
        }
      });
    }
  }
  return performance.now() - began;
}
