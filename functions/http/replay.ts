import type { Answer, Idempotency, KeyedAnswer } from '@inventory/database';
import { DomainError, type Instant } from '@inventory/models';
import { answerOf } from './answer.ts';
import type { Reply } from './use-case.ts';

/** The stored answer of an equal request. Throws IDEMPOTENCY_KEY_REUSED where the request was another. */
export function replay(
  found: { readonly requestHash: string; readonly answer: Answer },
  idempotency: Idempotency | null,
): Reply {
  if (found.requestHash !== idempotency?.requestHash) {
    throw new DomainError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request');
  }
  return { replay: found.answer };
}

/** A reply as it is stored under its key by the statement of its effect; null where the caller sent no key. */
export const keyed = (reply: Reply, idempotency: Idempotency | null, at: Instant): KeyedAnswer | null =>
  idempotency && { ...idempotency, answer: answerOf(reply), at };
