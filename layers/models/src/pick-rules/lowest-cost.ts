import { oldestFirst, type PickRule } from './pick-rule.ts';

/** By unit cost as received, not by what averages have made of the lot's value (product.md R3). */
export const lowestCost: PickRule = {
  description: 'The lot with the lowest unit cost as received',
  choice: 'RANKED',
  keys: [{ key: 'lotUnitCost', direction: 'asc' }, ...oldestFirst],
};
