import type { DataApiRequest } from './data-api-client.ts';

/** What the RDS Data API does by its documentation, and how to see that the emulator does it too. */
export type Behaviour = {
  readonly behaviour: string;
  readonly source: { readonly title: string; readonly address: string; readonly says: string };
  readonly request: DataApiRequest;
  readonly answers: unknown;
};

const GUIDE = 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide';
const REFERENCE = 'https://docs.aws.amazon.com/rdsdataservice/latest/APIReference';

const limitations = (says: string) => ({
  title: 'Limitations for the Amazon RDS Data API',
  address: `${GUIDE}/data-api.limitations.html`,
  says,
});
const troubleshooting = (says: string) => ({
  title: 'Troubleshooting Amazon RDS Data API issues',
  address: `${GUIDE}/data-api.troubleshooting.html`,
  says,
});
const differences = (says: string) => ({
  title: 'Comparing Amazon RDS Data API behaviors',
  address: `${GUIDE}/data-api.differences.html`,
  says,
});
const executeStatement = (says: string) => ({
  title: 'ExecuteStatement - RDS Data API',
  address: `${REFERENCE}/API_ExecuteStatement.html`,
  says,
});
const sqlParameter = (says: string) => ({
  title: 'SqlParameter - RDS Data API',
  address: `${REFERENCE}/API_SqlParameter.html`,
  says,
});
const batchExecuteStatement = (says: string) => ({
  title: 'BatchExecuteStatement - RDS Data API',
  address: `${REFERENCE}/API_BatchExecuteStatement.html`,
  says,
});
/** Proven in the lab against the emulator alone; to be confirmed on AWS by the acceptance list. */
const assumed = (says: string) => ({ title: 'Assumption', address: 'design, section 5', says });

const execute = (sql: string, rest: Readonly<Record<string, unknown>> = {}): DataApiRequest => ({
  operation: 'Execute',
  body: { sql, ...rest },
});
const text = (name: string, stringValue: string, typeHint?: string) => ({ name, value: { stringValue }, typeHint });
const refused = (exception: string, message: unknown) => ({ exception, message });
const records = (...rows: unknown[][]) => ({ records: rows });

export const BEHAVIOURS: readonly Behaviour[] = [
  // Limits
  {
    behaviour: 'takes 65,536 characters of SQL',
    source: executeStatement('sql: Length Constraints: Minimum length of 0. Maximum length of 65536'),
    request: execute(`SELECT 'x' AS a --${'-'.repeat(65_536 - 18)}`),
    answers: records([{ stringValue: 'x' }]),
  },
  {
    behaviour: 'refuses one character more',
    source: executeStatement('sql: Length Constraints: Minimum length of 0. Maximum length of 65536'),
    request: execute(`SELECT 'x' AS a --${'-'.repeat(65_536 - 17)}`),
    answers: refused('ValidationException', /less than or equal to 65536/),
  },
  {
    behaviour: 'refuses a request over 4 MiB',
    source: batchExecuteStatement(
      'the maximum size of the HTTP request submitted through the Data API is 4 MiB, headers and JSON included',
    ),
    request: execute('SELECT :p', { parameters: [text('p', 'x'.repeat(4 * 1_048_576 - 100))] }),
    answers: refused('BadRequestException', /too large/),
  },
  {
    behaviour: 'terminates a call with more than 1 MiB of response data',
    source: limitations(
      'The response size limit is 1 MiB. If the call returns more than 1 MiB of response data, the call is terminated',
    ),
    request: execute(`SELECT repeat('x', 50000) AS a FROM generate_series(1, 22)`),
    answers: refused('BadRequestException', /more than the allowed response size limit/),
  },
  {
    behaviour: 'refuses a row over 64 KB',
    source: troubleshooting('Packet for query is too large: the Data API size limit is 64 KB per row'),
    request: execute(`SELECT repeat('x', 70000) AS a`),
    answers: refused('BadRequestException', 'Packet for query is too large'),
  },
  {
    behaviour: 'cancels a statement that takes longer than 45 s (2 s here)',
    source: {
      title: 'Controlling Data API timeout behavior',
      address: `${GUIDE}/data-api-timeouts.html`,
      says: 'By default, the Data API cancels an operation and returns a timeout error if the operation does not finish processing within 45 seconds',
    },
    request: execute('SELECT 1 AS a FROM pg_sleep(30)'),
    answers: refused('StatementTimeoutException', /timed out/),
  },

  // Statements
  {
    behaviour: 'takes one statement a call',
    source: troubleshooting("Multi-statements aren't supported"),
    request: execute('SELECT 1; SELECT 2'),
    answers: refused('ValidationException', "Multistatements aren't supported."),
  },
  {
    behaviour: 'does not support the schema parameter',
    source: troubleshooting("Schema parameter isn't supported"),
    request: execute('SELECT 1', { schema: 'public' }),
    answers: refused('ValidationException', /schema parameter/),
  },
  {
    behaviour: 'says the SQLSTATE of an error',
    source: differences('database errors come with their SQLState'),
    request: execute('SELECT 1 / 0'),
    answers: refused('DatabaseErrorException', 'ERROR: division by zero; SQLState: 22012'),
  },
  {
    behaviour: 'refuses to begin a transaction by SQL',
    source: assumed('The start and the end of a transaction are calls of their own'),
    request: execute('BEGIN'),
    answers: refused('BadRequestException', /BeginTransaction/),
  },
  {
    behaviour: 'counts the rows of a write',
    source: executeStatement('numberOfRecordsUpdated: The number of records updated by the request'),
    request: execute(`UPDATE "_prisma_migrations" SET logs = '' WHERE false`),
    answers: { generatedFields: [], numberOfRecordsUpdated: 0 },
  },

  // Parameters
  {
    behaviour: 'binds strings as text, integers as int8, and infers nothing',
    source: sqlParameter('Without a type hint the value is bound with the type of its field'),
    request: execute(
      'SELECT pg_typeof(:a)::text AS a, pg_typeof(:b)::text AS b, pg_typeof(:c)::text AS c, pg_typeof(:d)::text AS d',
      {
        parameters: [
          text('a', 'x'),
          { name: 'b', value: { longValue: 1 } },
          { name: 'c', value: { doubleValue: 1.5 } },
          { name: 'd', value: { booleanValue: true } },
        ],
      },
    ),
    answers: records(['text', 'bigint', 'double precision', 'boolean'].map((stringValue) => ({ stringValue }))),
  },
  {
    behaviour: 'fails where a string stands for a uuid',
    source: sqlParameter(
      'UUID - The corresponding String parameter value is sent as an object of UUID type: without the hint it is not',
    ),
    request: execute('SELECT 1 AS a WHERE gen_random_uuid() = :id', {
      parameters: [text('id', '00000000-0000-4000-8000-000000000001')],
    }),
    answers: refused('DatabaseErrorException', /operator does not exist: uuid = text.*SQLState: 42883/s),
  },
  {
    behaviour: 'takes a uuid by its hint',
    source: sqlParameter(
      'UUID - The corresponding String parameter value is sent as an object of UUID type to the database',
    ),
    request: execute('SELECT :id AS a', { parameters: [text('id', '00000000-0000-4000-8000-000000000001', 'UUID')] }),
    answers: records([{ stringValue: '00000000-0000-4000-8000-000000000001' }]),
  },
  {
    behaviour: 'refuses a timestamp with more than three digits of a second',
    source: sqlParameter('The accepted format is YYYY-MM-DD HH:MM:SS[.FFF]'),
    request: execute('SELECT :t AS a', { parameters: [text('t', '2026-01-02 03:04:05.123456', 'TIMESTAMP')] }),
    answers: refused('BadRequestException', /Cannot parse/),
  },
  {
    behaviour: 'takes no array parameters',
    source: executeStatement('parameters: Array parameters are not supported'),
    request: execute('SELECT :a', { parameters: [{ name: 'a', value: { arrayValue: { stringValues: ['x'] } } }] }),
    answers: refused('ValidationException', /Array parameters/),
  },
  {
    behaviour: 'refuses a placeholder without a parameter',
    source: assumed('A named placeholder needs its parameter'),
    request: execute('SELECT :missing'),
    answers: refused('BadRequestException', /missing/),
  },
  {
    behaviour: 'leaves casts, strings and comments alone',
    source: assumed('Placeholders are looked for in code only'),
    request: execute(`SELECT '1'::int4 AS a, ':x' AS b /* :y */`),
    answers: records([{ longValue: 1 }, { stringValue: ':x' }]),
  },

  // Results
  {
    behaviour: 'returns long values as numbers unless told otherwise',
    source: {
      title: 'ResultSetOptions - RDS Data API',
      address: `${REFERENCE}/API_ResultSetOptions.html`,
      says: 'longReturnType: LONG or STRING; the default is LONG',
    },
    request: execute('SELECT 9007199254740993::int8 AS a'),
    answers: records([{ longValue: 9007199254740992 }]),
  },
  {
    behaviour: 'returns long values as strings on demand',
    source: {
      title: 'ResultSetOptions - RDS Data API',
      address: `${REFERENCE}/API_ResultSetOptions.html`,
      says: 'longReturnType: LONG or STRING',
    },
    request: execute('SELECT 9007199254740993::int8 AS a', { resultSetOptions: { longReturnType: 'STRING' } }),
    answers: records([{ stringValue: '9007199254740993' }]),
  },
  {
    behaviour: 'returns decimals as strings or, on demand, as doubles',
    source: {
      title: 'ResultSetOptions - RDS Data API',
      address: `${REFERENCE}/API_ResultSetOptions.html`,
      says: 'decimalReturnType: STRING or DOUBLE_OR_LONG',
    },
    request: execute('SELECT 1.10::numeric AS a', { resultSetOptions: { decimalReturnType: 'DOUBLE_OR_LONG' } }),
    answers: records([{ doubleValue: 1.1 }]),
  },
  {
    behaviour: 'returns times in UTC and without an offset',
    source: assumed('timestamptz comes as UTC text without its offset'),
    request: execute(`SELECT '2026-01-02 03:04:05.500+02'::timestamptz AS a`),
    answers: records([{ stringValue: '2026-01-02 01:04:05.5' }]),
  },
  {
    behaviour: 'refuses types that it does not support',
    source: differences("RDS Data API doesn't support some data types"),
    request: execute(`SELECT interval '1 day' AS a, point(1, 2) AS b`),
    answers: refused('UnsupportedResultException', 'The result contains the unsupported data type POINT.'),
  },
  {
    behaviour: 'refuses arrays with nulls',
    source: troubleshooting('Unsupported Result Exception: some data types are not supported'),
    request: execute('SELECT ARRAY[1, NULL] AS a'),
    answers: refused('UnsupportedResultException', /_INT4/),
  },
  {
    behaviour: 'returns column metadata on demand only',
    source: executeStatement(
      'includeResultMetadata: A value that indicates whether to include metadata in the results',
    ),
    request: execute('SELECT 1::int8 AS a', { includeResultMetadata: true }),
    answers: withMetadata('a', 'int8'),
  },

  // Batches
  {
    behaviour: 'runs a batch as often as it has parameter sets',
    source: batchExecuteStatement(
      'The SQL statement is executed as many times as the number of parameter sets provided',
    ),
    request: {
      operation: 'BatchExecute',
      body: {
        sql: 'UPDATE "_prisma_migrations" SET logs = :logs WHERE false',
        parameterSets: [[text('logs', 'a')], [text('logs', 'b')]],
      },
    },
    answers: { updateResults: [{ generatedFields: [] }, { generatedFields: [] }] },
  },
];

function withMetadata(name: string, typeName: string) {
  return { records: [[{ longValue: 1 }]], columnMetadata: [{ name, label: name, typeName }] };
}
