import { load } from '@inventory/database';
import { allocate, DomainError, expiryWaste, lotsUsed, resolveStrategy } from '@inventory/models';
import { compareReply, type contracts } from '@inventory/schemas';
import type { UseCase } from '../http/use-case.ts';
import { inputOf, linesAtMost, planOf, refuseUnknownLines, refuseUnknownOrders, withoutSettled } from './plan.ts';

/** Decides the same orders by several methods on one snapshot of today's stock, and changes nothing: one call. */
export const compare: UseCase<typeof contracts.compare> = async ({ body, now }, context) => {
  const { settings, newId } = context;
  const asked = planOf(body, { strategy: null, now, settings });
  const loaded = await load(context.database, {
    choice: asked.choice,
    reach: asked.reach,
    idempotencyKey: null,
    linesAtMost: linesAtMost.simulated,
  });
  if (loaded.tooLarge) {
    const detail = `A comparison takes at most ${linesAtMost.simulated} open lines; choose fewer orders`;
    throw new DomainError('VALIDATION_FAILED', detail, { errors: [{ pointer: '', detail }] });
  }
  refuseUnknownOrders(asked.choice, loaded);
  await refuseUnknownLines(body, loaded, context.database);
  const plan = await withoutSettled(asked, loaded, context.database);
  const comparison = body.methods.map((allocationMethod) => {
    const { sequence, fulfilment } = body;
    const strategy = resolveStrategy({ allocationMethod, sequence, fulfilment }, settings.allowedCosts);
    const input = inputOf(plan, { strategy, loaded, settings, newId });
    const { totals, shortages, results } = allocate(input);
    return { strategy, totals, shortages, lotsUsed: lotsUsed(results), expiryWaste: expiryWaste(input, results) };
  });
  return { status: 200, body: compareReply({ asOf: plan.asOf, comparison }, settings.currency) };
};
