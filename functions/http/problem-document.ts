import type { DatabaseError } from '@inventory/database';
import { DomainError, type ErrorCode } from '@inventory/models';
import { countHandledError } from './handled-errors.ts';
import { loadLogger } from './load-logger.ts';
import { problems } from './problems.ts';
import type { Response } from './response.ts';

/** Where a problem happened. */
export type Occurrence = { readonly path: string; readonly requestId: string };

/**
 * An error as an RFC 9457 document. What the caller cannot act on is logged with its cause and told as a bare 500: never a
 * stack, SQL or a name of the platform.
 */
export async function problemDocument(error: unknown, { path, requestId }: Occurrence): Promise<Response> {
  const refusal = asRefusal(error);
  if (!refusal) {
    const { asError, logger } = await loadLogger();
    logger.error('A request failed', { requestId, path, error: asError(error) });
    countHandledError();
    return document({ type: 'about:blank', title: 'Internal server error', status: 500, instance: path }, {});
  }
  const { code, message, errors, members } = refusal;
  const { status, title } = problems[code];
  if (status === 503) {
    const { asError, logger } = await loadLogger();
    logger.warn('A request was put off', { requestId, path, error: asError(error) });
  }
  return document(
    {
      type: `/docs#${code}`,
      title,
      status,
      detail: message,
      instance: path,
      code,
      ...(errors.length > 0 ? { errors } : {}),
      ...members,
    },
    headersOf(refusal, isUnavailable(error) ? WAKING_SECONDS : 1),
  );
}

/** A paused cluster takes 15 s and more to resume. */
const WAKING_SECONDS = 15;

function headersOf({ code, members }: DomainError, retrySeconds: number): Readonly<Record<string, string>> {
  const headers: Partial<Record<ErrorCode, Record<string, string>>> = {
    UNAUTHENTICATED: { 'WWW-Authenticate': 'Bearer' },
    FORBIDDEN_SCOPE: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' },
    METHOD_NOT_ALLOWED: { Allow: String(members.allow) },
    RATE_LIMITED: { 'Retry-After': String(retrySeconds) },
    RETRY_LATER: { 'Retry-After': String(retrySeconds) },
  };
  return headers[code] ?? {};
}

function asRefusal(error: unknown): DomainError | null {
  if (error instanceof DomainError) return error;
  if (!isPassing(error)) return null;
  return new DomainError('RETRY_LATER', 'The database did not answer in time; the same request may be sent again');
}

/** Whether the database failed in a way that passes by itself: the same request may be sent again. */
export const isPassing = (error: unknown): boolean => isDatabaseError(error) && PASSING.includes(error.kind);

/** What passes by itself, and is left over when the retries of the database layer have ended. */
const PASSING: readonly DatabaseError['kind'][] = ['UNAVAILABLE', 'TIMEOUT', 'WRITE_CONFLICT'];

const isUnavailable = (error: unknown) => isDatabaseError(error) && error.kind === 'UNAVAILABLE';

/** By name, so that this folder needs no database to be tested. */
const isDatabaseError = (error: unknown): error is DatabaseError =>
  error instanceof Error && error.name === 'DatabaseError' && 'kind' in error;

const document = (body: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>>): Response => ({
  status: Number(body.status),
  headers: { 'Content-Type': 'application/problem+json', ...headers },
  body: JSON.stringify(body),
});
