import { load } from '@inventory/database';
import { allocate, DomainError, expiryWaste, lotsUsed, resolveStrategy } from '@inventory/models';
import { type CompareRequest, compareReply } from '@inventory/schemas';
import type { Context, Reply, Request } from '../http/use-case.ts';
import { inputOf, linesAtMost, planOf, refuseUnknownOrders } from './plan.ts';

/** Decides the same orders by several methods on one snapshot of today's stock, and changes nothing: one call. */
export async function compare(request: Request<object, object, CompareRequest>, context: Context): Promise<Reply> {
  const { body, now } = request;
  const { settings, newId } = context;
  const plan = planOf(body, { strategy: null, now, settings });
  const loaded = await load(context.database, {
    choice: plan.choice,
    reach: plan.reach,
    idempotencyKey: null,
    linesAtMost: linesAtMost.simulated,
  });
  if (loaded.tooLarge) {
    const detail = `A comparison takes at most ${linesAtMost.simulated} open lines; choose fewer orders`;
    throw new DomainError('VALIDATION_FAILED', detail, { errors: [{ pointer: '', detail }] });
  }
  refuseUnknownOrders(plan.choice, loaded);
  const comparison = body.methods.map((allocationMethod) => {
    const { sequence, fulfilment } = body;
    const strategy = resolveStrategy({ allocationMethod, sequence, fulfilment }, settings.allowedCosts);
    const input = inputOf(plan, { strategy, loaded, settings, newId });
    const { totals, shortages, results } = allocate(input);
    return { strategy, totals, shortages, lotsUsed: lotsUsed(results), expiryWaste: expiryWaste(input, results) };
  });
  return { status: 200, body: compareReply({ asOf: plan.asOf, comparison }, settings.currency) };
}
