import { createHash } from 'node:crypto';
import type { Idempotency } from '@inventory/database';
import { DomainError, type FieldError } from '@inventory/models';
import type { Contract } from '@inventory/schemas';
import type { Incoming } from './incoming.ts';

/** Throws MISSING_IDEMPOTENCY_KEY where the stack demands one and the route takes one. */
export function demandKey({ isIdempotent }: Contract, { headers }: Incoming, isRequired: boolean): void {
  if (isRequired && isIdempotent && headers['idempotency-key'] === undefined) {
    throw new DomainError(
      'MISSING_IDEMPOTENCY_KEY',
      'Send an Idempotency-Key, so that a retry cannot be applied twice',
    );
  }
}

/** What is wrong with the key, if there is one. */
export function keyErrors({ headers }: Incoming): FieldError[] {
  const key = headers['idempotency-key'];
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return [];
  return [{ pointer: '/header/Idempotency-Key', detail: 'must have 1 to 255 visible ASCII characters' }];
}

/** The identity of the request; null where the caller sent no key or the route takes none. */
export function idempotencyOf({ isIdempotent }: Contract, incoming: Incoming, caller: string): Idempotency | null {
  const key = incoming.headers['idempotency-key'];
  if (key === undefined || !isIdempotent) return null;
  const identity = JSON.stringify([caller, incoming.method, incoming.resource, incoming.params, key]);
  return { key: sha256(identity), requestHash: sha256(incoming.bytes) };
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
