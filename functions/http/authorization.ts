import { DomainError } from '@inventory/models';
import { type Contract, grants } from '@inventory/schemas';
import type { Claims } from './claims.ts';

/** Throws FORBIDDEN_SCOPE where the token can never use this route. */
export function authorize({ scope }: Contract, claims: Claims): void {
  if (scope === null || scope === 'ANY') return;
  demand(typeof scope === 'string' ? [scope] : scope.anyOf, claims);
}

/** Throws FORBIDDEN_SCOPE where the token cannot use this route with this body (as it came). */
export function authorizeBody({ scope }: Contract, claims: Claims, body: unknown): void {
  if (scope !== null && typeof scope === 'object') demand(scope.narrowed(body), claims);
}

function demand(anyOf: readonly string[], { scope }: Claims): void {
  if (anyOf.some((name) => grants(scope, name))) return;
  throw new DomainError('FORBIDDEN_SCOPE', `The token needs the scope ${anyOf.join(' or ')}`);
}
