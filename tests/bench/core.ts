import { allocate, type StrategyRequest } from '@inventory/models';
import { hold, input, lot, order } from '../models/given.ts';

// How the time per line of the core grows with the run: whoever walks over all lots or all lines for each line makes
// eight times the lines take 64 times as long, which is 8 times per line.

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

const strategies: readonly StrategyRequest[] = [
  { pick: 'FIFO' },
  { pick: 'FIFO', cost: 'MOVING_AVERAGE' },
  { pick: 'FIFO', fulfilment: 'ORDER_COMPLETE' },
  { pick: 'FIFO', sequence: 'PRO_RATA' },
];

/** Prints the time per line of 16,000 lines on one SKU over that of 2,000: about 1 where it stays flat. */
export function benchCore(): void {
  console.log('\nThe core alone, time per line of 16,000 lines on one SKU over 2,000 (1 is flat, 8 is quadratic)');
  for (const strategy of strategies) {
    const ratio = fastest(16_000, strategy) / fastest(2_000, strategy) / 8;
    console.log(`  ${Object.values(strategy).join(', ').padEnd(26)}${ratio.toFixed(1)}x`);
  }
}
