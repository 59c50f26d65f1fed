import type { Decimal } from '../decimal.ts';
import type { LineDemand, OrderDemand } from '../order.ts';
import { sharesOf } from './pro-rata.ts';
import type { Run } from './run.ts';
import { openLines } from './sequence.ts';
import { bookTurn, closeOrder, keep, reasonsOf, reportShort, type Turn, turnOf } from './serve-line.ts';

/**
 * PRO_RATA: first what each line may have, SKU by SKU, then the lots in PRIORITY sequence, each line up to its share; why
 * a line is short is measured after the run (product.md 5, Pro rata; 6, Shortages).
 */
export function serveTogether(run: Run, orders: readonly OrderDemand[]): void {
  const shares = shareOut(run, orders);
  const short: Turn[] = [];
  for (const order of orders) {
    let allocated = 0n;
    for (const line of openLines(order)) {
      const turn = turnOf(run, order, line, shares.get(line) ?? 0n);
      allocated += keep(run, turn, bookTurn(run, turn));
      if (turn.quantity < line.openQuantity) short.push(turn);
    }
    closeOrder(run, order, allocated);
  }
  for (const turn of short) {
    const reasons = reasonsOf(run, turn, turn.line.openQuantity - turn.quantity, { gained: turn.quantity });
    reportShort(run, turn, turn.quantity, reasons);
  }
}

function shareOut(run: Run, orders: readonly OrderDemand[]): ReadonlyMap<LineDemand, Decimal> {
  const contenders = orders.flatMap((order) => openLines(order).map((line) => ({ order, line })));
  const shares = new Map<LineDemand, Decimal>();
  for (const [sku, rivals] of Map.groupBy(contenders, ({ line }) => line.sku)) {
    const quantities = sharesOf(run, run.shelves.get(sku)!, rivals);
    for (const [index, { line }] of rivals.entries()) shares.set(line, quantities[index]!);
  }
  return shares;
}
