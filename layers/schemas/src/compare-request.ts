import { type AllocationMethod, allocationMethods } from '@inventory/models';
import * as z from 'zod';
import { allocationOptions, locationPriorityGiven } from './allocation-options.ts';
import { strategyChoices } from './allocation-request.ts';
import type { Rules } from './contract.ts';
import { oneSelection, orderSelection } from './order-selection.ts';
import { list } from './presence.ts';
import { rule } from './rules.ts';
import { strategyErrors } from './strategy-errors.ts';
import { oneOf } from './text.ts';

const { sequence, fulfilment } = strategyChoices;

const Methods = list(oneOf(allocationMethods, 'An allocation method.'), { max: allocationMethods.length }).check(
  rule((methods, report) => {
    if (!Array.isArray(methods)) return;
    methods.forEach((method, index) => {
      if (methods.indexOf(method) < index) report([index], 'is given twice');
    });
  }),
);

export const CompareRequest = z
  .strictObject({
    ...orderSelection,
    methods: Methods.meta({ description: 'What is set side by side.' }),
    sequence,
    fulfilment,
    ...allocationOptions,
  })
  .check(oneSelection)
  .check(locationPriorityGiven);
export type CompareRequest = z.output<typeof CompareRequest>;

/** What `resolveStrategy` refuses of any of the methods, told at that method. */
export const compareRules: Rules = (body, { allowedCosts }) => {
  const choices = z.object({ methods: Methods, sequence, fulfilment, picks: z.unknown().optional() }).safeParse(body);
  if (!choices.success) return [];
  const { methods, picks, ...others } = choices.data;
  const errors = methods.flatMap((allocationMethod: AllocationMethod, index) =>
    strategyErrors({ allocationMethod, ...others }, { allowedCosts, picks }).map((error) =>
      error.pointer === '/allocationMethod' ? { ...error, pointer: `/methods/${index}` } : error,
    ),
  );
  return errors.filter((error, index) => errors.findIndex(({ pointer }) => pointer === error.pointer) === index);
};
