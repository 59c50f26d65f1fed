import type { AllocationMethod, CostBasis, Fulfilment, Sequence } from '@inventory/models';

export type Words = { readonly title: string; readonly explanation: string };

export const methodWords: Readonly<Record<AllocationMethod, Words>> = {
  FIFO: { title: 'FIFO', explanation: 'The lot received first goes first.' },
  LIFO: { title: 'LIFO', explanation: 'The lot received last goes first.' },
  FEFO: { title: 'FEFO', explanation: 'The lot that expires first goes first; lots without expiry last.' },
  SPECIFIC: { title: 'Specific lots', explanation: 'Only the lots that the order lines name.' },
  LOWEST_COST: { title: 'Lowest cost', explanation: 'The lot that was cheapest when received goes first.' },
  HIGHEST_COST: { title: 'Highest cost', explanation: 'The lot that was dearest when received goes first.' },
  LOCATION_PRIORITY: {
    title: 'Location priority',
    explanation: 'By your list of locations, then first received first.',
  },
  FEWEST_LOTS: { title: 'Fewest lots', explanation: 'As few lots per line as can be.' },
  MOVING_AVERAGE: {
    title: 'Moving average',
    explanation: 'Picks as FIFO, costs the average of the SKU at that moment.',
  },
  TOTAL_AVERAGE: {
    title: 'Total average',
    explanation: 'Picks as FIFO, costs the average of the month, provisional until its close.',
  },
};

export const sequenceWords: Readonly<Record<Sequence, Words>> = {
  PRIORITY: { title: 'By priority', explanation: 'Most important first, then by ship date and time of order.' },
  SHIP_DATE: { title: 'By ship date', explanation: 'Earliest requested ship date first; orders without one last.' },
  ORDER_DATE: { title: 'By order date', explanation: 'First ordered, first served.' },
  PRO_RATA: { title: 'Fair share', explanation: 'All together: each gets its share of what there is.' },
};

export const fulfilmentWords: Readonly<Record<Fulfilment, Words>> = {
  PARTIAL: { title: 'Partial', explanation: 'A line takes what there is; the rest stays on back-order.' },
  LINE_COMPLETE: { title: 'Whole lines', explanation: 'A line that cannot be filled completely gets nothing.' },
  ORDER_COMPLETE: { title: 'Whole orders', explanation: 'An order with a line that falls short gets nothing.' },
};

export const costWords: Readonly<Record<CostBasis, Words>> = {
  LOT: { title: 'Lot', explanation: 'What the picked lot cost.' },
  MOVING_AVERAGE: { title: 'Moving average', explanation: 'The average of the SKU at that moment.' },
  TOTAL_AVERAGE: { title: 'Total average', explanation: 'The average of the month.' },
};
