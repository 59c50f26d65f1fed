import type { Allocation, AllocationInput } from './allocation.ts';
import { changeOf } from './run/changes.ts';
import { checkPicks } from './run/picks.ts';
import { startRun } from './run/run.ts';
import { inSequence } from './run/sequence.ts';
import { serveOrder } from './run/serve-order.ts';
import { serveTogether } from './run/serve-together.ts';

/**
 * Decides which lots serve which lines, at what cost, and what falls short and why: for commit, dry run and compare alike
 * (product.md 2, 4, 5). Quantities are millionths, amounts minor units. The input is read, never written to; the same
 * input gives the same answer in whatever order its rows stand, but for the ids that `newId` makes.
 * Throws VALIDATION_FAILED, PICK_SKU_MISMATCH and PICKS_EXCEED_LINE for picks that can never be taken (SPECIFIC only).
 */
export function allocate(input: AllocationInput): Allocation {
  const run = startRun(input);
  if (run.choice === 'NAMED') checkPicks(input.options, input.orders, input.stock.lots);
  const orders = inSequence(input.orders, input.strategy.sequence);
  if (input.strategy.sequence === 'PRO_RATA') serveTogether(run, orders);
  else for (const order of orders) serveOrder(run, order);
  const { results, shortages, explanation, totals } = run;
  return { results, shortages, explanation, totals, change: changeOf(run) };
}
