/** Every refusal that a caller can act on. Codes are stable for ever; the HTTP status of each is mapped in functions/http. */
export const errorCodes = [
  'MALFORMED_JSON',
  'INVALID_CURSOR',
  'MISSING_IDEMPOTENCY_KEY',
  'UNAUTHENTICATED',
  'FORBIDDEN_SCOPE',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'INSUFFICIENT_STOCK',
  'STATE_CONFLICT',
  'DUPLICATE_ORDER_NUMBER',
  'DUPLICATE_RECEIPT_NUMBER',
  'OVERCOMMITTED',
  'PERIOD_CLOSED',
  'VERSION_MISMATCH',
  'PRECONDITION_REQUIRED',
  'VALIDATION_FAILED',
  'IDEMPOTENCY_KEY_REUSED',
  'INVALID_COMBINATION',
  'COST_NOT_ALLOWED',
  'PICKS_EXCEED_LINE',
  'PICK_SKU_MISMATCH',
  'UNKNOWN_ORDER',
  'RATE_LIMITED',
  'RETRY_LATER',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** One wrong field: a JSON pointer from the body's root, or `/query/<name>`. */
export type FieldError = { readonly pointer: string; readonly detail: string };

/** A refusal the caller can act on. `members` are further members of the problem document (`shortages`, `allocations` …). */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[];
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    more: { errors?: readonly FieldError[]; members?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
    this.errors = more.errors ?? [];
    this.members = more.members ?? {};
  }
}
