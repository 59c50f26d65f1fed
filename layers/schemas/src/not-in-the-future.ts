import type { FieldError, Instant } from '@inventory/models';
import { Wrong } from './scalar.ts';
import { readInstant } from './time.ts';

/** The error of a time that lies after `now`; none for one that is absent or no time at all, which its schema tells. */
export function notInTheFuture(value: unknown, pointer: string, now: Instant): FieldError[] {
  const moment = readInstant(value);
  return !(moment instanceof Wrong) && moment > now ? [{ pointer, detail: 'must not be in the future' }] : [];
}
