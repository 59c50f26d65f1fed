import * as sdk from '@aws-sdk/client-rds-data';
import { DatabaseError, type DatabaseErrorKind } from '@inventory/database';
import { describe, expect, it } from 'vitest';
import { hasNotRun, toAdapterError } from '../../../layers/database/src/data-api/errors.ts';
import { toDatabaseError } from '../../../layers/database/src/database-error.ts';

const thrown = (name: string, message = 'why') => Object.assign(new Error(message), { name });
const kindOf = (error: Error) => {
  const mapped = toDatabaseError(toAdapterError(error));
  return mapped instanceof DatabaseError ? mapped.kind : mapped;
};

describe('An exception of the RDS Data API', () => {
  const exceptions = Object.keys(sdk).filter(
    (name) => /(Exception|Error)$/.test(name) && name !== 'RDSDataServiceException',
  );
  const expected: Readonly<Record<string, DatabaseErrorKind>> = {
    DatabaseResumingException: 'UNAVAILABLE',
    DatabaseUnavailableException: 'UNAVAILABLE',
    ServiceUnavailableError: 'UNAVAILABLE',
    InternalServerErrorException: 'UNAVAILABLE',
    InvalidResourceStateException: 'UNAVAILABLE',
    StatementTimeoutException: 'TIMEOUT',
    TransactionNotFoundException: 'TIMEOUT',
    AccessDeniedException: 'OTHER',
    BadRequestException: 'OTHER',
    DatabaseErrorException: 'OTHER',
    DatabaseNotFoundException: 'OTHER',
    ForbiddenException: 'OTHER',
    HttpEndpointNotEnabledException: 'OTHER',
    InvalidSecretException: 'OTHER',
    NotFoundException: 'OTHER',
    SecretsErrorException: 'OTHER',
    UnsupportedResultException: 'OTHER',
  };

  it('of every kind that the SDK knows has its place here: a new one is for a person to place', () => {
    expect(exceptions.toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  it.each(exceptions)('has a kind: %s', (name) => {
    expect(kindOf(thrown(name))).toBe(expected[name]);
  });

  it('is sent again only when it is known not to have run', () => {
    const repeated = [...exceptions, 'ThrottlingException', 'TooManyRequestsException', 'TimeoutError'].filter((name) =>
      hasNotRun(thrown(name)),
    );

    expect(repeated).toEqual(['DatabaseResumingException', 'ThrottlingException', 'TooManyRequestsException']);
  });

  it.each([
    ['40001', 'WRITE_CONFLICT'],
    ['40P01', 'WRITE_CONFLICT'],
    ['23505', 'UNIQUE_VIOLATION'],
    ['23514', 'CHECK_VIOLATION'],
    ['23503', 'OTHER'],
    ['55P03', 'TIMEOUT'],
    ['57014', 'TIMEOUT'],
    ['25P03', 'TIMEOUT'],
    ['57P01', 'UNAVAILABLE'],
    ['53300', 'UNAVAILABLE'],
    ['08006', 'UNAVAILABLE'],
    ['42601', 'OTHER'],
  ] as const)('of SQLSTATE %s is %s', (sqlState, kind) => {
    const error = toDatabaseError(toAdapterError(thrown('DatabaseErrorException', `ERROR: no; SQLState: ${sqlState}`)));

    expect(error).toMatchObject({ kind, sqlState, message: 'no' });
  });

  it('tells message, constraint and detail apart', () => {
    const message = `ERROR: new row for relation "lots" violates check constraint "lots_open"\n  Detail: Failing row contains (1).\n  Hint: x; SQLState: 23514`;

    expect(toDatabaseError(toAdapterError(thrown('DatabaseErrorException', message)))).toMatchObject({
      message: 'new row for relation "lots" violates check constraint "lots_open"',
      kind: 'CHECK_VIOLATION',
      constraint: 'lots_open',
      detail: 'Failing row contains (1).',
    });
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE'])('of the network is unavailability: %s', (code) => {
    expect(kindOf(Object.assign(new Error('no'), { code }))).toBe('UNAVAILABLE');
  });

  it('that is nobody’s stays what it is', () => {
    const bug = new TypeError('bug');

    expect(toDatabaseError(bug)).toBe(bug);
  });
});
