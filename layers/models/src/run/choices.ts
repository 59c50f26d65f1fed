import type { PickRule } from '../pick-rules/pick-rule.ts';
import { chooseFewest } from './choose-fewest.ts';
import { chooseNamed } from './choose-named.ts';
import { chooseRanked } from './choose-ranked.ts';
import type { Choose } from './wish.ts';

/** How each kind of pick rule chooses. */
export const choices: Record<PickRule['choice'], Choose> = {
  RANKED: chooseRanked,
  FEWEST: chooseFewest,
  NAMED: chooseNamed,
};
