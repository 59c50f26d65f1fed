import type { Error as AdapterFailure, DriverAdapterError } from '@prisma/driver-adapter-utils';

export type DatabaseErrorKind =
  | 'WRITE_CONFLICT'
  | 'UNIQUE_VIOLATION'
  | 'CHECK_VIOLATION'
  | 'UNAVAILABLE'
  | 'TIMEOUT'
  | 'OTHER';

/**
 * What went wrong in the database, the same for plain PostgreSQL and for the RDS Data API.
 *
 * `UNAVAILABLE` and `TIMEOUT` do not say that nothing was written: the answer may have been lost after the commit.
 * What must not happen twice carries an idempotency key. `detail` is what PostgreSQL adds to its message; plain
 * PostgreSQL loses it for the constraint violations, since Prisma's adapter does not hand it on.
 */
export class DatabaseError extends Error {
  readonly kind: DatabaseErrorKind;
  readonly sqlState: string | null;
  readonly constraint: string | null;
  readonly detail: string | null;

  constructor(message: string, facts: DatabaseErrorFacts) {
    super(message, { cause: facts.cause });
    this.name = 'DatabaseError';
    this.kind = facts.kind;
    this.sqlState = facts.sqlState ?? null;
    this.constraint = facts.constraint ?? null;
    this.detail = facts.detail ?? null;
  }
}

export type DatabaseErrorFacts = {
  readonly kind: DatabaseErrorKind;
  readonly sqlState?: string | null | undefined;
  readonly constraint?: string | null | undefined;
  readonly detail?: string | null | undefined;
  readonly cause?: unknown;
};

/** Turns what a driver adapter threw into a `DatabaseError`; anything that is not an adapter's error comes back as is. */
export function toDatabaseError(error: unknown): unknown {
  if (isBrokenConnection(error)) return new DatabaseError(error.message, { kind: 'UNAVAILABLE', cause: error });
  if (!isDriverAdapterError(error)) return error;

  const failure = error.cause;
  const message = failure.originalMessage ?? error.message;
  const sqlState = SQL_STATE.test(failure.originalCode ?? '') ? (failure.originalCode ?? null) : null;
  return new DatabaseError(message, {
    kind:
      (sqlState && KIND_BY_SQL_STATE[sqlState]) || KIND_BY_SQL_CLASS[sqlState?.slice(0, 2) ?? ''] || kindOf(failure),
    sqlState,
    constraint: constraintOf(failure, message),
    detail: detailOf(failure),
    cause: error,
  });
}

/** By name, not by `instanceof`: the package may be loaded twice (once bundled, once by the other adapter). */
const isDriverAdapterError = (error: unknown): error is DriverAdapterError =>
  error instanceof Error && error.name === 'DriverAdapterError' && typeof error.cause === 'object';

/** `pg` throws these without a code, and `@prisma/adapter-pg` hands them on as they are. */
const isBrokenConnection = (error: unknown): error is Error =>
  error instanceof Error && /^(Connection terminated|Client has encountered a connection error)/.test(error.message);

const SQL_STATE = /^[0-9A-Z]{5}$/;

const KIND_BY_SQL_STATE: Readonly<Record<string, DatabaseErrorKind>> = {
  '40001': 'WRITE_CONFLICT', // serialization_failure
  '40P01': 'WRITE_CONFLICT', // deadlock_detected
  '23505': 'UNIQUE_VIOLATION',
  '23514': 'CHECK_VIOLATION',
  '25P03': 'TIMEOUT', // idle_in_transaction_session_timeout
  '55P03': 'TIMEOUT', // lock_not_available, which lock_timeout raises
  '57014': 'TIMEOUT', // query_canceled, which statement_timeout raises
};

/** Whole SQLSTATE classes: 08 connection exception, 53 insufficient resources, 57 operator intervention. */
const KIND_BY_SQL_CLASS: Readonly<Record<string, DatabaseErrorKind>> = {
  '08': 'UNAVAILABLE',
  '53': 'UNAVAILABLE',
  '57': 'UNAVAILABLE',
};

function kindOf(failure: AdapterFailure): DatabaseErrorKind {
  switch (failure.kind) {
    case 'TransactionWriteConflict':
      return 'WRITE_CONFLICT';
    case 'DatabaseNotReachable':
    case 'ConnectionClosed':
    case 'TooManyConnections':
      return 'UNAVAILABLE';
    case 'SocketTimeout':
    case 'TransactionAlreadyClosed': // by idling: after an error, nothing further is sent to a transaction
      return 'TIMEOUT';
    default:
      return 'OTHER';
  }
}

function constraintOf(failure: AdapterFailure, message: string): string | null {
  if ('constraint' in failure && failure.constraint && 'index' in failure.constraint) return failure.constraint.index;
  return /constraint "([^"]+)"/.exec(message)?.[1] ?? null;
}

const detailOf = (failure: AdapterFailure): string | null =>
  'detail' in failure && typeof failure.detail === 'string' ? failure.detail : null;
