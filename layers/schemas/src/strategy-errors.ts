import { type CostBasis, DomainError, resolveStrategy, type StrategyRequest } from '@inventory/models';
import type { CodedError } from './contract.ts';

/** Why these choices cannot be made together or here: none when they can. Picks are for SPECIFIC alone. */
export function strategyErrors(
  choices: StrategyRequest,
  { allowedCosts, picks }: { readonly allowedCosts: readonly CostBasis[]; readonly picks: unknown },
): CodedError[] {
  try {
    const { pick } = resolveStrategy(choices, allowedCosts);
    if (!Array.isArray(picks) || picks.length === 0 || pick === 'SPECIFIC') return [];
    return [{ pointer: '/picks', detail: `picks are for SPECIFIC, not for ${pick}`, code: 'INVALID_COMBINATION' }];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.errors.map((field) => ({ ...field, code: error.code }));
  }
}
