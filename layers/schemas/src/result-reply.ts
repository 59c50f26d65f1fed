import {
  type AllocationResult,
  type Currency,
  costings,
  formatDecimal,
  formatFixed,
  formatMoney,
  resultStatuses,
  unitCostOf,
} from '@inventory/models';
import * as z from 'zod';
import {
  enumReply,
  idReply,
  instantReply,
  integerReply,
  moneyReply,
  quantityReply,
  textReply,
  unitCostReply,
} from './reply-scalar.ts';

/** What a result says wherever it is shown. */
const resultMembers = {
  id: idReply('The result.').nullable().meta({ description: 'Null in a dry run, which stores nothing.' }),
  orderId: idReply('The order.'),
  orderLineId: idReply('Its line.'),
  lineNumber: integerReply('The number of the line.'),
  inventoryId: idReply('The lot.'),
  sku: textReply('What is allocated.'),
  location: textReply('Where the lot lies.'),
  quantity: quantityReply('How much.'),
  unitCost: unitCostReply('costAmount ÷ quantity, for display.'),
  lotUnitCost: unitCostReply('The unit cost of the lot as received.'),
  costAmount: moneyReply('What it costs: authoritative.'),
  costing: enumReply(costings, 'PROVISIONAL until the month is closed, for total average.'),
  status: enumReply(resultStatuses, 'ALLOCATED becomes SHIPPED or RELEASED.'),
};

/** A result in the answer of a run. */
export const AllocatedResponse = z.object(resultMembers);

export const AllocationResultResponse = z.object({
  ...resultMembers,
  id: idReply('The result.'),
  runId: idReply('The run that made it.'),
  createdAt: instantReply('When it was stored.'),
  shippedAt: instantReply('When it was shipped.').nullable(),
  releasedAt: instantReply('When it was released.').nullable(),
});
export type AllocationResultResponse = z.output<typeof AllocationResultResponse>;

/** The part that moved, and what stays in the row of the given id. */
export const MovedResultResponse = AllocationResultResponse.extend({
  remainder: AllocationResultResponse.nullable().meta({ description: 'What stays; null where all of it moved.' }),
});
export type MovedResultResponse = z.output<typeof MovedResultResponse>;

/** A stored result as every answer shows it. */
export const resultReply = (result: AllocationResult, currency: Currency): AllocationResultResponse => ({
  id: result.id,
  runId: result.runId,
  ...allocatedReply(result, currency),
  status: result.status,
  createdAt: result.createdAt,
  shippedAt: result.shippedAt,
  releasedAt: result.releasedAt,
});

/** The answer of a ship or release: the part that moved, with what stays of its row. */
export const movedResultReply = (
  { moved, remainder }: { readonly moved: AllocationResult; readonly remainder: AllocationResult | null },
  currency: Currency,
): MovedResultResponse => ({
  ...resultReply(moved, currency),
  remainder: remainder && resultReply(remainder, currency),
});

type Allocated = Omit<AllocationResult, 'id' | 'runId' | 'status' | 'createdAt' | 'shippedAt' | 'releasedAt'>;

/** What is told of a result whether it is stored or only simulated. */
export const allocatedReply = (result: Allocated, currency: Currency) => ({
  orderId: result.orderId,
  orderLineId: result.orderLineId,
  lineNumber: result.lineNumber,
  inventoryId: result.inventoryId,
  sku: result.sku,
  location: result.location,
  quantity: formatDecimal(result.quantity),
  unitCost: formatFixed(unitCostOf(result.costAmount, result.quantity, currency)),
  lotUnitCost: formatFixed(result.lotUnitCost),
  costAmount: formatMoney(result.costAmount, currency),
  costing: result.costing,
});
