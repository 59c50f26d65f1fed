import type { LineDemand, OrderDemand } from '../order.ts';
import type { Sequence } from '../strategy.ts';

/**
 * The orders in the order in which they are served (product.md 2, Sequence keys); PRO_RATA ties go by PRIORITY.
 * Order numbers compare by code point, orders without a ship date come last.
 */
export function inSequence(orders: readonly OrderDemand[], sequence: Sequence): readonly OrderDemand[] {
  const keys = sequenceKeys[sequence];
  return orders.toSorted((a, b) => {
    for (const compare of keys) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** The lines of an order that want something, by line number. */
export function openLines(order: OrderDemand): readonly LineDemand[] {
  const { lines } = order;
  if (lines.length === 1 && lines[0]!.openQuantity > 0n) return lines;
  return lines.filter((line) => line.openQuantity > 0n).sort((a, b) => a.lineNumber - b.lineNumber);
}

/** Compares by code point, where `<` would compare by UTF-16 unit and put U+FFFD after U+1F600. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

type Compare = (a: OrderDemand, b: OrderDemand) => number;

const compareText = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);

const byPriority: Compare = (a, b) => a.priority - b.priority;
const byOrderedAt: Compare = (a, b) => compareText(a.orderedAt, b.orderedAt);
const byOrderNumber: Compare = (a, b) => compareCodePoints(a.orderNumber, b.orderNumber);
const byShipDate: Compare = (a, b) => {
  if (a.requestedShipDate === b.requestedShipDate) return 0;
  if (a.requestedShipDate === null) return 1;
  return b.requestedShipDate === null ? -1 : compareText(a.requestedShipDate, b.requestedShipDate);
};

const priorityFirst = [byPriority, byShipDate, byOrderedAt, byOrderNumber];
const sequenceKeys: Record<Sequence, readonly Compare[]> = {
  PRIORITY: priorityFirst,
  SHIP_DATE: [byShipDate, byPriority, byOrderedAt, byOrderNumber],
  ORDER_DATE: [byOrderedAt, byOrderNumber],
  PRO_RATA: priorityFirst,
};

/** Surrogates stand for code points above all others, though their units are below U+E000. */
const codePointRank = (unit: number) => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
