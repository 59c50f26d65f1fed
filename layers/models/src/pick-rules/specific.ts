import { oldestFirst, type PickRule } from './pick-rule.ts';

/** The lots that the line names, in the given order; never another one. */
export const specific: PickRule = {
  description: 'The lots that the line or the request names, in the given order, and no others',
  choice: 'NAMED',
  keys: oldestFirst,
};
