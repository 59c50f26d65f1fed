import { oldestFirst, type PickRule } from './pick-rule.ts';

/** By the place of the lot's location in the request's `locationPriority`. */
export const locationPriority: PickRule = {
  description: 'The lot whose location stands first in `locationPriority`, other locations last, then the oldest',
  choice: 'RANKED',
  keys: [{ key: 'locationRank', direction: 'asc' }, ...oldestFirst],
};
