import type { Scope } from '@inventory/schemas';
import { useStore } from '../store.ts';
import { missingScopes } from './claims.ts';
import { session, sessionClaims } from './session.ts';

/** Why the signed-in planner may not do what needs these scopes; null when nothing speaks against it. */
export function useRefusal(...needed: readonly (Scope | readonly Scope[])[]): string | null {
  const { tokens } = useStore(session.store);
  if (!tokens) return 'Sign in first';
  const missing = missingScopes(sessionClaims(tokens).scopes, needed);
  return missing.length > 0 ? `Your token lacks the scope ${missing.join(' and ')}` : null;
}
