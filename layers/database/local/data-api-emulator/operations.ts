import type { ResultSetOptions } from '@aws-sdk/client-rds-data';
import type pg from 'pg';
import { type BoundStatement, bind, type WireParameter } from './binding.ts';
import { badRequest, invalid, ServiceException } from './exceptions.ts';
import type { Limits } from './limits.ts';
import { type TextRow, writeRecords } from './records.ts';
import type { Sessions, Work } from './sessions.ts';
import { JDBC_OTHER, JDBC_TYPES, type TypeNames } from './types.ts';

/** The members of all requests that the emulator looks at, as they come over the wire. */
export type Request = {
  readonly resourceArn?: string;
  readonly secretArn?: string;
  readonly schema?: string;
  readonly sql?: string;
  readonly parameters?: readonly WireParameter[];
  readonly parameterSets?: readonly (readonly WireParameter[])[];
  readonly transactionId?: string;
  readonly includeResultMetadata?: boolean;
  readonly resultSetOptions?: ResultSetOptions;
  readonly formatRecordsAs?: string;
};

export type Operation = keyof ReturnType<typeof operations>;

/** The HTTP path of each operation. */
export const OPERATION_BY_PATH: ReadonlyMap<string, Operation> = new Map([
  ['/Execute', 'ExecuteStatement'],
  ['/BatchExecute', 'BatchExecuteStatement'],
  ['/BeginTransaction', 'BeginTransaction'],
  ['/CommitTransaction', 'CommitTransaction'],
  ['/RollbackTransaction', 'RollbackTransaction'],
]);

type Context = { readonly sessions: Sessions; readonly types: TypeNames; readonly limits: Limits };

/** What the service does; each answers with the JSON text of its response. Throws `ServiceException`. */
export function operations({ sessions, types, limits }: Context) {
  const run = <Result>(request: Request, work: Work<Result>): Promise<Result> =>
    request.transactionId ? sessions.within(request.transactionId, work) : sessions.once(work);

  async function writeAnswer(client: pg.ClientBase, request: Request, result: TextResult): Promise<string> {
    if (result.fields.length === 0) {
      return JSON.stringify({ generatedFields: [], numberOfRecordsUpdated: result.rowCount ?? 0 });
    }
    const names: string[] = [];
    for (const field of result.fields) names.push(await types.of(field.dataTypeID, client));
    const metadata = request.includeResultMetadata
      ? `,"columnMetadata":${JSON.stringify(result.fields.map((field, index) => columnMetadata(field.name, names[index] ?? '')))}`
      : '';
    const records = writeRecords(result.rows, names, request.resultSetOptions ?? {}, limits);
    return `{"numberOfRecordsUpdated":0${metadata},"records":${records}}`;
  }

  return {
    async ExecuteStatement(request: Request): Promise<string> {
      const statement = readStatement(request, request.parameters, limits);
      return run(request, async (client) => writeAnswer(client, request, await execute(client, statement)));
    },

    /** One statement with many parameter sets: one transaction of its own unless it is part of one. */
    async BatchExecuteStatement(request: Request): Promise<string> {
      const statements = (request.parameterSets ?? [[]]).map((set) => readStatement(request, set, limits));
      const transactionId = request.transactionId ?? (await sessions.begin());
      await sessions.within(transactionId, async (client) => {
        for (const statement of statements) {
          const { fields } = await execute(client, statement);
          if (fields.length > 0) throw badRequest('The statement returns a result set');
        }
      });
      if (!request.transactionId) await sessions.finish(transactionId, 'COMMIT');
      return JSON.stringify({ updateResults: statements.map(() => ({ generatedFields: [] })) });
    },

    async BeginTransaction(): Promise<string> {
      return JSON.stringify({ transactionId: await sessions.begin() });
    },

    async CommitTransaction(request: Request): Promise<string> {
      await sessions.finish(readTransactionId(request), 'COMMIT');
      return JSON.stringify({ transactionStatus: 'Transaction Committed' });
    },

    async RollbackTransaction(request: Request): Promise<string> {
      await sessions.finish(readTransactionId(request), 'ROLLBACK');
      return JSON.stringify({ transactionStatus: 'Rollback Complete' });
    },
  };
}

function readStatement(
  request: Request,
  parameters: readonly WireParameter[] | undefined,
  limits: Limits,
): BoundStatement {
  const { sql = '', schema, formatRecordsAs } = request;
  if (sql === '') throw badRequest('sql is required.');
  if (sql.length > limits.sqlCharacters) {
    throw invalid(
      `1 validation error detected: Value at 'sql' failed to satisfy constraint: Member must have length less than or equal to ${limits.sqlCharacters}`,
    );
  }
  if (schema) throw invalid("The schema parameter isn't supported");
  if (formatRecordsAs === 'JSON')
    throw new ServiceException('NotEmulated', 501, 'formatRecordsAs JSON is not emulated');
  if (TRANSACTION_CONTROL.test(sql)) {
    throw badRequest('Transaction control statements are not supported; use BeginTransaction');
  }
  return bind(sql, parameters);
}

/** Savepoints are plain SQL to the service; the start and the end of a transaction are calls of its own. */
const TRANSACTION_CONTROL =
  /^\s*(begin|commit|rollback(?!\s+to)|end|abort|start\s+transaction|prepare\s+transaction)\b/i;

function readTransactionId({ transactionId }: Request): string {
  if (!transactionId) throw badRequest('transactionId is required.');
  return transactionId;
}

type TextResult = pg.QueryArrayResult<(string | null)[]> & { readonly rows: readonly TextRow[] };

/** The extended protocol takes one statement alone; values stay the text that PostgreSQL sends. */
async function execute(client: pg.ClientBase, { text, values }: BoundStatement): Promise<TextResult> {
  const query: pg.QueryArrayConfig & { queryMode: 'extended' } = {
    text,
    values: [...values],
    rowMode: 'array',
    types: AS_TEXT,
    queryMode: 'extended',
  };
  return client.query(query);
}

const AS_TEXT = { getTypeParser: () => (text: string) => text };

const columnMetadata = (name: string, typeName: string) => ({
  label: name,
  name,
  type: JDBC_TYPES[typeName] ?? JDBC_OTHER,
  typeName,
  nullable: 1,
  precision: 0,
  scale: 0,
  arrayBaseColumnType: 0,
  schemaName: '',
  tableName: '',
  isAutoIncrement: false,
  isCaseSensitive: true,
  isCurrency: false,
  isSigned: false,
});
