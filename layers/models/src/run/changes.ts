import { type Change, type LotChange, type NewMovement, noChange, type PositionChange } from '../change.ts';
import { draw } from '../money.ts';
import type { Run } from './run.ts';
import type { Shelf, ShelfLot } from './shelf.ts';

/** What the run decided, as rows to insert and amounts to add. */
export function changeOf(run: Run): Change {
  const lots: LotChange[] = [];
  const movements: NewMovement[] = [];
  for (const shelf of run.shelves.values()) {
    if (shelf.taken.quantity === 0n) continue;
    if (run.costRule.pooled) respread(run, shelf, { lots, movements });
    else for (const from of shelf.serving) if (isTaken(from)) lots.push(lotChange(from, -from.charged));
  }
  return {
    ...noChange,
    orders: run.orders,
    orderLines: run.orderLines,
    positions: run.input.stock.positions.map((position) => positionChange(position, run.shelves.get(position.sku))),
    lots,
    results: run.results,
    movements,
    reservationsConverted: run.reservationsConverted,
  };
}

function positionChange({ sku, version }: { sku: string; version: number }, shelf: Shelf | undefined): PositionChange {
  const { quantity, cost } = shelf?.taken ?? { quantity: 0n, cost: 0n };
  return { sku, version, moves: quantity > 0n, poolQuantityDelta: -quantity, poolValueDelta: -cost };
}

/**
 * Spreads what is left in the pool over its lots by quantity, in the order receivedAt, lotSequence (product.md R3). Once
 * per run and SKU: between two lines of a run only the pool's total matters.
 */
function respread(run: Run, shelf: Shelf, into: { lots: LotChange[]; movements: NewMovement[] }): void {
  let { quantity, value } = shelf.pool;
  for (const from of shelf.lots.filter(({ fault }) => fault !== 'NOT_YET_RECEIVED').sort(byAge)) {
    const part = draw({ quantity, value }, from.open);
    quantity -= from.open;
    value -= part;
    const revaluation = part - (from.lot.openValue - from.charged);
    if (isTaken(from) || revaluation !== 0n) into.lots.push(lotChange(from, part - from.lot.openValue));
    if (revaluation !== 0n) {
      into.movements.push({
        kind: 'REVALUE',
        sku: shelf.sku,
        inventoryId: from.lot.id,
        quantityDelta: 0n,
        valueDelta: revaluation,
        reference: null,
        effectiveAt: run.input.effectiveAt,
      });
    }
  }
}

const isTaken = ({ lot, open }: ShelfLot) => open !== lot.remainingQuantity - lot.allocatedQuantity;

const lotChange = ({ lot, open }: ShelfLot, openValueDelta: bigint): LotChange => ({
  id: lot.id,
  remainingDelta: 0n,
  allocatedDelta: lot.remainingQuantity - lot.allocatedQuantity - open,
  openValueDelta,
});

function byAge({ lot: a }: ShelfLot, { lot: b }: ShelfLot): number {
  if (a.receivedAt !== b.receivedAt) return a.receivedAt < b.receivedAt ? -1 : 1;
  return a.lotSequence - b.lotSequence;
}
