import type { SqlDriverAdapter, SqlDriverAdapterFactory, SqlQueryable } from '@prisma/driver-adapter-utils';
import { dataApiAdapter } from './data-api/adapter.ts';
import { flatArrayLiteral } from './data-api/array-literal.ts';
import { dataApiService } from './data-api/service.ts';
import { DatabaseError, toDatabaseError } from './database-error.ts';
import { PrismaClient } from './generated/client.ts';
import type { Queryable, Row, Statement, Value } from './queryable.ts';
import { inTransaction } from './transaction.ts';

export interface Database extends Queryable {
  /** Model queries for small reads and lists. Large array parameters go by `query`, past Prisma's WebAssembly. */
  readonly prisma: PrismaClient;
  /** What Prisma and `query` both go through; the migration runner speaks to it. */
  readonly adapter: SqlDriverAdapterFactory;
  /**
   * BEGIN … COMMIT on one connection; rolls back when `work` throws. Any SQL error ends the transaction, even one that
   * `work` caught. Never retried here: a write conflict is for the caller, who loads and decides again.
   */
  transaction<Result>(work: (transaction: Queryable) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export type DatabaseConfig =
  | {
      readonly kind: 'data-api';
      readonly resourceArn: string;
      readonly secretArn: string;
      readonly database: string;
      readonly endpoint?: string;
    }
  | { readonly kind: 'postgres'; readonly url: string };

export type ConnectOptions = {
  /** Epoch milliseconds after which no further call or retry starts; a call of the Data API in flight is abandoned. */
  readonly deadline?: () => number;
};

/**
 * `DATABASE_URL` selects plain PostgreSQL, else `CLUSTER_ARN`, `SECRET_ARN` and `DATABASE_NAME` the Data API, which is
 * found by Lambda's own variables (`callerOf`). Throws when a variable is missing.
 */
export function readDatabaseConfig(environment: Readonly<Record<string, string | undefined>>): DatabaseConfig {
  const read = (name: string): string => {
    const value = environment[name];
    if (!value) throw new Error(`The environment variable ${name} is missing`);
    return value;
  };
  if (environment.DATABASE_URL) return { kind: 'postgres', url: environment.DATABASE_URL };
  return {
    kind: 'data-api',
    resourceArn: read('CLUSTER_ARN'),
    secretArn: read('SECRET_ARN'),
    database: read('DATABASE_NAME'),
  };
}

/** Opens nothing yet: the first statement does. */
export function connect(config: DatabaseConfig, options: ConnectOptions = {}): Database {
  const { adapter, close } = config.kind === 'postgres' ? overPostgres(config.url) : overDataApi(config, options);
  let prisma: PrismaClient | undefined;
  let connected: Promise<SqlDriverAdapter> | undefined;
  const connection = () => {
    connected ??= adapter.connect();
    return connected;
  };

  return {
    adapter,
    get prisma() {
      prisma ??= new PrismaClient({ adapter });
      return prisma;
    },
    query: async (statement) => {
      refuseAfter(options.deadline);
      return runOn(await connection(), statement);
    },
    transaction: async (work) => {
      refuseAfter(options.deadline);
      try {
        return await inTransaction(await connection(), (transaction) => runWork(transaction, work, options.deadline));
      } catch (error) {
        throw toDatabaseError(error);
      }
    },
    close: async () => {
      await prisma?.$disconnect();
      await (await connected?.catch(() => undefined))?.dispose();
      await close();
    },
  };
}

type Way = { readonly adapter: SqlDriverAdapterFactory; close(): Promise<void> };

function overDataApi(config: Extract<DatabaseConfig, { kind: 'data-api' }>, options: ConnectOptions): Way {
  const service = dataApiService({ ...config, deadline: options.deadline });
  return { adapter: dataApiAdapter(service), close: async () => service.close() };
}

/** `pg` is loaded on first use: in Lambda it never is, and the cold start is spared it. */
function overPostgres(url: string): Way {
  let opened: Promise<{ factory: SqlDriverAdapterFactory; close(): Promise<void> }> | undefined;
  const open = () => {
    opened ??= import('./postgres-pool.ts').then(({ openPool }) => openPool(url));
    return opened;
  };
  return {
    adapter: {
      provider: 'postgres',
      adapterName: '@prisma/adapter-pg',
      connect: async () => (await open()).factory.connect(),
    },
    close: async () => (await opened)?.close(),
  };
}

/** One statement at a time, as both kinds of connection demand, and none after the first that failed. */
async function runWork<Result>(
  transaction: SqlQueryable,
  work: (transaction: Queryable) => Promise<Result>,
  deadline: (() => number) | undefined,
): Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  const query = (statement: Statement) => {
    const answer = last.then(() => {
      refuseAfter(deadline);
      return runOn(transaction, statement);
    });
    last = answer;
    answer.catch(() => {}); // whoever asked hears of it; the end of the transaction does too
    return answer;
  };
  const result = await work({ query }).finally(() => last.catch(() => {})); // a rollback must not overtake it
  // PostgreSQL answers COMMIT of a failed transaction with a silent ROLLBACK: say so instead.
  await last;
  return result;
}

function refuseAfter(deadline: (() => number) | undefined): void {
  if (deadline && Date.now() >= deadline()) {
    throw new DatabaseError('The time for this request is over; the call was not made', { kind: 'TIMEOUT' });
  }
}

async function runOn(connection: SqlQueryable, { text, values }: Statement): Promise<readonly Row[]> {
  try {
    const { columnNames, rows } = await connection.queryRaw({
      sql: text,
      args: values.map(toText),
      argTypes: values.map(() => UNTYPED),
    });
    return rows.map((row) => asRow(columnNames, row));
  } catch (error) {
    throw toDatabaseError(error);
  }
}

/** A plain loop: `Object.fromEntries` takes three times as long, and a load returns thousands of rows. */
function asRow(columnNames: readonly string[], values: readonly unknown[]): Row {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < columnNames.length; index++) row[columnNames[index] ?? ''] = values[index];
  return row;
}

/** The statement casts each parameter itself. */
const UNTYPED = { scalarType: 'unknown', arity: 'scalar' } as const;

function toText(value: Value): string | null {
  if (value === null) return null;
  return typeof value === 'object' ? flatArrayLiteral(value) : String(value);
}
