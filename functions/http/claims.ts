import { DomainError } from '@inventory/models';
import type { Incoming } from './incoming.ts';

/** What the authorizer found in a token. */
export type Claims = NonNullable<Incoming['claims']>;

/** Throws UNAUTHENTICATED where the authorizer found no token; it has already verified the one that it found. */
export function authenticated(incoming: Incoming): Claims {
  if (!incoming.claims) throw new DomainError('UNAUTHENTICATED', 'Send a valid token as Authorization: Bearer …');
  return incoming.claims;
}
