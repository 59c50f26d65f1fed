import { oldestFirst, type PickRule } from './pick-rule.ts';

/** The smallest lot that covers the rest, else the largest; greedy is minimal in the number of lots (product.md 5). */
export const fewestLots: PickRule = {
  description:
    'As few lots as possible: the smallest lot that covers the rest, else the largest; equal sizes the oldest',
  choice: 'FEWEST',
  keys: oldestFirst,
};
