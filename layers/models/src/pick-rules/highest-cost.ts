import { oldestFirst, type PickRule } from './pick-rule.ts';

/** By unit cost as received, not by what averages have made of the lot's value (product.md R3). */
export const highestCost: PickRule = {
  description: 'The lot with the highest unit cost as received',
  choice: 'RANKED',
  keys: [{ key: 'lotUnitCost', direction: 'desc' }, ...oldestFirst],
};
