import { fefo } from './fefo.ts';
import { fewestLots } from './fewest-lots.ts';
import { fifo } from './fifo.ts';
import { highestCost } from './highest-cost.ts';
import { lifo } from './lifo.ts';
import { locationPriority } from './location-priority.ts';
import { lowestCost } from './lowest-cost.ts';
import type { PickRule } from './pick-rule.ts';
import { specific } from './specific.ts';

/** Every pick rule. A new one is a file beside these, a line here, and its row in the examples. */
export const pickRules = {
  FIFO: fifo,
  LIFO: lifo,
  FEFO: fefo,
  SPECIFIC: specific,
  LOWEST_COST: lowestCost,
  HIGHEST_COST: highestCost,
  LOCATION_PRIORITY: locationPriority,
  FEWEST_LOTS: fewestLots,
} as const satisfies Record<string, PickRule>;

export type PickName = keyof typeof pickRules;

/** The names, in the order of the registry. */
export const pickNames = Object.keys(pickRules) as [PickName, ...PickName[]];
