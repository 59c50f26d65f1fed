import type { Creation, Idempotency } from '@inventory/database';
import { DomainError, type ErrorCode } from '@inventory/models';
import { replay } from '../http/replay.ts';
import type { Reply } from '../http/use-case.ts';

type Numbered = {
  /** The member that holds the caller's own number: `orderNumber`. */
  readonly member: string;
  readonly code: ErrorCode;
  /** The number of each item, with the pointer of the item: empty, or `/3` in an array. */
  readonly numbers: readonly { readonly pointer: string; readonly number: string | null }[];
};

/**
 * The reply of a creation: the new one, or that of an earlier equal request. Throws where numbers exist already, or are
 * given twice.
 */
export function created(
  creation: Creation,
  { reply, idempotency, numbered }: { reply: Reply; idempotency: Idempotency | null; numbered: Numbered },
): Reply {
  if (creation.kind === 'CREATED') return reply;
  if (creation.kind === 'REPLAY') return replay(creation, idempotency);
  throw duplicates(new Set(creation.numbers), numbered);
}

function duplicates(taken: ReadonlySet<string>, { member, code, numbers }: Numbered): DomainError {
  const occurrences = Map.groupBy(numbers, ({ number }) => number);
  const errors = numbers.flatMap(({ pointer, number }) => {
    if (number === null || !taken.has(number)) return [];
    const why = (occurrences.get(number)?.length ?? 0) > 1 ? 'is given more than once' : 'exists already';
    return [{ pointer: `${pointer}/${member}`, detail: `${number} ${why}` }];
  });
  return new DomainError(code, errors[0]?.detail ?? `A ${member} exists already`, { errors });
}
