import type { RDSDataServiceException } from '@aws-sdk/client-rds-data';
import { type Error as AdapterFailure, DriverAdapterError, type MappedError } from '@prisma/driver-adapter-utils';

/** What the Data API or the way to it threw, as Prisma's adapters report failures. */
export const toAdapterError = (thrown: unknown): DriverAdapterError => new DriverAdapterError(failureOf(thrown));

/** Known not to have run: the cluster sleeps, or the call was throttled. Nothing else may be sent a second time. */
export const hasNotRun = (thrown: unknown): boolean =>
  thrown instanceof Error && (thrown.name === 'DatabaseResumingException' || THROTTLING.has(thrown.name));

/** The transaction is over already: what a rollback wanted. */
export const isTransactionGone = (thrown: unknown): boolean =>
  thrown instanceof Error && (thrown.name === 'TransactionNotFoundException' || thrown.name === 'NotFoundException');

const THROTTLING: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'ThrottledException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottledException',
  'SlowDown',
]);

function failureOf(thrown: unknown): AdapterFailure {
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const sqlState = /SQLState: ([0-9A-Z]{5})/.exec(message)?.[1];
  const parts = messageParts(message);
  const original = { originalCode: sqlState ?? name, originalMessage: parts.message };
  if (sqlState) return { ...original, ...mappedSqlState(sqlState, parts) };
  if (isServiceException(name)) return { ...original, ...MAPPED_BY_EXCEPTION[name](parts.message, name) };
  if (THROTTLING.has(name) || isNetworkFailure(thrown)) return { ...original, kind: 'DatabaseNotReachable' };
  if (name === 'AbortError' || name === 'TimeoutError') return { ...original, kind: 'SocketTimeout' };
  return { ...original, ...asPostgres(parts, name) };
}

type Sdk = typeof import('@aws-sdk/client-rds-data');
type ExceptionName = {
  [Name in keyof Sdk]: Sdk[Name] extends new (...args: never[]) => RDSDataServiceException ? Name : never;
}[keyof Sdk];
type ServiceException = Exclude<ExceptionName, 'RDSDataServiceException'>;

const isServiceException = (name: string): name is ServiceException => Object.hasOwn(MAPPED_BY_EXCEPTION, name);

const unreachable = (): MappedError => ({ kind: 'DatabaseNotReachable' });
const denied = (): MappedError => ({ kind: 'DatabaseAccessDenied' });
const unauthenticated = (): MappedError => ({ kind: 'AuthenticationFailed' });
const unknownDatabase = (): MappedError => ({ kind: 'DatabaseDoesNotExist' });
const transactionClosed = (cause: string): MappedError => ({ kind: 'TransactionAlreadyClosed', cause });
const other = (message: string, code: string): MappedError =>
  asPostgres({ message, detail: undefined, hint: undefined }, code);

/** Every exception that the SDK's client declares: a new one does not compile until it is placed. */
const MAPPED_BY_EXCEPTION: Readonly<Record<ServiceException, (message: string, name: string) => MappedError>> = {
  AccessDeniedException: denied,
  ForbiddenException: denied,
  BadRequestException: other,
  DatabaseErrorException: other,
  UnsupportedResultException: (message) => ({ kind: 'UnsupportedNativeDataType', type: message }),
  DatabaseNotFoundException: unknownDatabase,
  DatabaseResumingException: unreachable,
  DatabaseUnavailableException: unreachable,
  ServiceUnavailableError: unreachable,
  InternalServerErrorException: unreachable,
  InvalidResourceStateException: unreachable,
  HttpEndpointNotEnabledException: other,
  InvalidSecretException: unauthenticated,
  SecretsErrorException: unauthenticated,
  StatementTimeoutException: () => ({ kind: 'SocketTimeout' }),
  TransactionNotFoundException: transactionClosed,
  NotFoundException: other, // an ARN, too, may be what was not found
};

/** `ERROR: duplicate key …\n  Detail: Key (name)=(x) already exists.; SQLState: 23505` in its parts. */
function messageParts(text: string): MessageParts {
  const body = text.replace(/^ERROR: /, '').replace(/;? SQLState: [0-9A-Z]{5}.*$/s, '');
  const part = (label: string) => new RegExp(`\\n {2}${label}: (.*)`).exec(body)?.[1];
  return {
    message: body.split(/\n {2}(?:Detail|Hint|Position|Where): /)[0] ?? body,
    detail: part('Detail'),
    hint: part('Hint'),
  };
}

type MessageParts = { message: string; detail: string | undefined; hint: string | undefined };

/** The same kinds by SQLSTATE as `@prisma/adapter-pg`, read from the message, since the service sends no fields. */
function mappedSqlState(sqlState: string, parts: MessageParts): MappedError {
  const { message } = parts;
  switch (sqlState) {
    case '22001':
      return { kind: 'LengthMismatch' };
    case '22003':
      return { kind: 'ValueOutOfRange', cause: message };
    case '22P02':
      return { kind: 'InvalidInputValue', message };
    case '23505':
      return { kind: 'UniqueConstraintViolation', ...constraintOf(parts) };
    case '23502':
      return { kind: 'NullConstraintViolation', ...columnOf(message) };
    case '23503':
      return { kind: 'ForeignKeyConstraintViolation', ...constraintOf(parts) };
    case '23001':
      return { kind: 'RestrictViolation', ...constraintOf(parts) };
    case '28P01':
    case '28000':
      return { kind: 'AuthenticationFailed' };
    case '3D000':
      return { kind: 'DatabaseDoesNotExist', ...named(message, 'database', 'db') };
    case '40001':
    case '40P01':
      return { kind: 'TransactionWriteConflict' };
    case '42703':
      return { kind: 'ColumnNotFound', ...unknownColumn(message) };
    case '42P01':
      return { kind: 'TableDoesNotExist', ...named(message, 'relation', 'table') };
    case '53300':
      return { kind: 'TooManyConnections', cause: message };
    default:
      return asPostgres(parts, sqlState);
  }
}

const asPostgres = ({ message, detail, hint }: MessageParts, code: string): MappedError => ({
  kind: 'postgres',
  code,
  severity: 'ERROR',
  message,
  detail,
  column: undefined,
  hint,
});

const quotedAfter = (message: string, word: string): string | undefined =>
  new RegExp(`${word} "([^"]+)"`).exec(message)?.[1];

function named<Key extends string>(message: string, word: string, key: Key): { [K in Key]?: string } {
  const name = quotedAfter(message, word);
  return name === undefined ? {} : ({ [key]: name } as { [K in Key]?: string });
}

function constraintOf({ message, detail }: MessageParts): { constraint?: { index: string } | { fields: string[] } } {
  const index = quotedAfter(message, 'constraint');
  if (index) return { constraint: { index } };
  const fields = /Key \(([^)]+)\)/.exec(detail ?? '')?.[1]?.split(', ');
  return fields ? { constraint: { fields } } : {};
}

function columnOf(message: string): { constraint?: { fields: string[] } } {
  const column = quotedAfter(message, 'column');
  return column ? { constraint: { fields: [column] } } : {};
}

/** `column u.nope does not exist` names it without quotes, `column "no pe" does not exist` with them. */
function unknownColumn(message: string): { column?: string } {
  const column = /^column (.+) does not exist$/.exec(message)?.[1];
  return column ? { column: column.replaceAll('"', '') } : {};
}

function isNetworkFailure(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return NETWORK.has(code) || /socket hang up/.test(String(thrown));
}

const NETWORK: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
]);
