import { allocationMethods, costBases, fulfilments, pickNames, sequences } from '@inventory/models';
import * as z from 'zod';
import { allocationOptions, locationPriorityGiven } from './allocation-options.ts';
import type { Rules } from './contract.ts';
import { notInTheFuture } from './not-in-the-future.ts';
import { oneSelection, orderSelection } from './order-selection.ts';
import { optional, withDefault } from './presence.ts';
import { isRecord } from './rules.ts';
import { strategyErrors } from './strategy-errors.ts';
import { oneOf } from './text.ts';

/** The four choices; what a request leaves out has a default. */
export const strategyChoices = {
  allocationMethod: optional(
    oneOf(allocationMethods, 'A preset for `pick` and `cost`. Without any of the three: FIFO.'),
  ),
  pick: optional(oneOf(pickNames, 'Which lots.')),
  cost: optional(oneOf(costBases, 'What cost is recorded.')),
  sequence: optional(oneOf(sequences, 'Who is served first. PRIORITY where it is left out.')),
  fulfilment: optional(oneOf(fulfilments, 'What happens to what falls short. PARTIAL where it is left out.')),
};

export const AllocationRequest = z
  .strictObject({
    ...orderSelection,
    ...strategyChoices,
    ...allocationOptions,
    onShortage: withDefault(oneOf(['REPORT', 'FAIL'], 'FAIL refuses a run with a shortage as a whole.'), 'REPORT'),
    dryRun: withDefault(z.boolean(), false).meta({ description: 'Decides the same and stores nothing.' }),
    explain: withDefault(z.boolean(), false).meta({ description: 'Adds every candidate lot, of up to 200 lines.' }),
  })
  .check(oneSelection)
  .check(locationPriorityGiven);
export type AllocationRequest = z.output<typeof AllocationRequest>;

/** What the schema cannot see: the clock, and the combinations that `resolveStrategy` refuses. */
export const allocationRules: Rules = (body, { now, allowedCosts }) => {
  if (!isRecord(body)) return [];
  const choices = z.object(strategyChoices).safeParse(body);
  return [
    ...(body.dryRun === true ? [] : notInTheFuture(body.asOf, '/asOf', now)),
    ...(choices.success ? strategyErrors(choices.data, { allowedCosts, picks: body.picks }) : []),
  ];
};
