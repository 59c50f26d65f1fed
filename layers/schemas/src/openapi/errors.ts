import { type ErrorCode, errorCodes } from '@inventory/models';
import type { Contract } from '../contract.ts';

/** Every code that a route can answer: what follows from its kind, and what its contract names, in the stable order. */
export function errorsOf(contract: Contract): readonly ErrorCode[] {
  const can = new Set<ErrorCode>([...contract.errors, ...kindErrors(contract)]);
  return errorCodes.filter((code) => can.has(code));
}

function kindErrors(contract: Contract): ErrorCode[] {
  const { scope, body, params, isList, isIdempotent } = contract;
  const isOpen = scope === null;
  return [
    'VALIDATION_FAILED',
    'METHOD_NOT_ALLOWED',
    'RATE_LIMITED',
    ...(isOpen ? [] : (['UNAUTHENTICATED', 'RETRY_LATER'] as const)),
    ...(isOpen || scope === 'ANY' ? [] : (['FORBIDDEN_SCOPE'] as const)),
    ...(body ? (['MALFORMED_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
    ...(isList ? (['INVALID_CURSOR'] as const) : []),
    ...(Object.keys(params.shape).length > 0 ? (['NOT_FOUND'] as const) : []),
    ...(isIdempotent ? (['MISSING_IDEMPOTENCY_KEY', 'IDEMPOTENCY_KEY_REUSED'] as const) : []),
  ];
}
