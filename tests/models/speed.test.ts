import { allocate, type StrategyRequest } from '@inventory/models';
import { expect, test } from 'vitest';
import { hold, input, lot, order } from './given.ts';

// Ratios, not times: whoever walks over all lots or all lines for each line makes eight times the lines take 64 times as long.
const reservations = [hold('H1', 5), hold('H2', 5, { location: 'W1' })];

/** Lots in proportion to the lines, for nearly all that they want. */
const runOf = (lines: number, strategy: StrategyRequest) =>
  input({
    lots: Array.from({ length: lines / 5 }, (_, index) => lot(`L${index}`, { quantity: 9, location: `W${index % 4}` })),
    orders: Array.from({ length: lines }, (_, index) => order(`O${index}`, 2)),
    reservations,
    ...strategy,
  });

function fastest(lines: number, strategy: StrategyRequest): number {
  const given = runOf(lines, strategy);
  const times = Array.from({ length: 4 }, () => {
    const start = performance.now();
    allocate(given);
    return performance.now() - start;
  });
  return Math.min(...times);
}

test.each<StrategyRequest>([
  { pick: 'FIFO' },
  { pick: 'FIFO', cost: 'MOVING_AVERAGE' },
  { pick: 'FIFO', fulfilment: 'ORDER_COMPLETE' },
  { pick: 'FIFO', sequence: 'PRO_RATA' },
])('%j: the time per line stays flat on one SKU', (strategy) => {
  const few = fastest(2_000, strategy);
  const many = fastest(16_000, strategy);

  expect(many / few).toBeLessThan(24);
});
