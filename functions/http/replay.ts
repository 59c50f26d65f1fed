import type { Answer, KeyedAnswer } from '@inventory/database';
import { DomainError } from '@inventory/models';
import type { Reply } from './use-case.ts';

type Replayed = { readonly requestHash: string; readonly answer: Answer };
type Keyed = { readonly key: string; readonly requestHash: string };

/** The stored answer of an equal request. Throws IDEMPOTENCY_KEY_REUSED where the request was another. */
export function replay(found: Replayed, idempotency: Keyed | null): Reply {
  if (found.requestHash !== idempotency?.requestHash) {
    throw new DomainError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request');
  }
  return { replay: found.answer };
}

/** A reply in the form in which it is stored under a key, and written in the same statement as its effect. */
export function keyed(
  reply: { status: number; headers?: Readonly<Record<string, string>>; body: unknown },
  idempotency: Keyed | null,
  at: string,
): KeyedAnswer | null {
  if (!idempotency) return null;
  const answer = { status: reply.status, headers: reply.headers ?? {}, body: JSON.stringify(reply.body) };
  return { ...idempotency, answer, at };
}
