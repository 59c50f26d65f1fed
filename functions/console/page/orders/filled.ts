import type { OrderResponse } from '@inventory/schemas';
import { difference, isZero, sum } from '../format/decimal.ts';

type Line = OrderResponse['lines'][number];

/** What an order wants and has, summed over its lines. What is cancelled is not wanted. */
export function quantitiesOf(lines: readonly Line[]) {
  const total = (member: (line: Line) => string) => sum(lines.map(member));
  return {
    wanted: total((line) => sum([line.quantity, negative(line.cancelledQuantity)])),
    allocated: total((line) => line.allocatedQuantity),
    shipped: total((line) => line.shippedQuantity),
    backorder: total((line) => line.backorderQuantity),
  };
}

export const isOpen = ({ lines }: OrderResponse): boolean => lines.some((line) => !isZero(line.backorderQuantity));

const negative = (quantity: string) => difference('0', quantity);
