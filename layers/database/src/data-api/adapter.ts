import type {
  ConnectionInfo,
  IsolationLevel,
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  SqlQueryable,
  SqlResultSet,
  Transaction,
} from '@prisma/driver-adapter-utils';
import { translate } from './parameters.ts';
import { resultSet } from './results.ts';
import { splitStatements } from './script.ts';
import type { DataApiService } from './service.ts';
import type { WireAnswer } from './wire.ts';

/**
 * Prisma over the RDS Data API. The service belongs to the caller, who closes it: one HTTP client serves the Prisma
 * client and our own statements.
 */
export const dataApiAdapter = (service: DataApiService): SqlDriverAdapterFactory => ({
  ...IDENTITY,
  connect: async () => new DataApiAdapter(service),
});

const IDENTITY = { provider: 'postgres', adapterName: 'rds-data-api' } as const;

class DataApiQueryable implements SqlQueryable {
  readonly provider = IDENTITY.provider;
  readonly adapterName = IDENTITY.adapterName;
  protected readonly service: DataApiService;

  constructor(service: DataApiService) {
    this.service = service;
  }

  async queryRaw(query: SqlQuery): Promise<SqlResultSet> {
    return resultSet(await this.execute(query));
  }

  async executeRaw(query: SqlQuery): Promise<number> {
    return (await this.execute(query)).numberOfRecordsUpdated ?? 0;
  }

  protected execute(query: SqlQuery): Promise<WireAnswer> {
    return this.service.execute(translate(query));
  }
}

class DataApiTransaction extends DataApiQueryable implements Transaction {
  /** Prisma then sends no BEGIN, COMMIT or ROLLBACK as SQL: the service has calls of its own for them. */
  readonly options = { usePhantomQuery: true };
  readonly #transactionId: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(service: DataApiService, transactionId: string) {
    super(service);
    this.#transactionId = transactionId;
  }

  commit(): Promise<void> {
    return this.#queued(() => this.service.commit(this.#transactionId));
  }

  rollback(): Promise<void> {
    return this.#queued(() => this.service.rollback(this.#transactionId));
  }

  async createSavepoint(name: string): Promise<void> {
    await this.executeRaw(plain(`SAVEPOINT ${name}`));
  }

  async rollbackToSavepoint(name: string): Promise<void> {
    await this.executeRaw(plain(`ROLLBACK TO SAVEPOINT ${name}`));
  }

  async releaseSavepoint(name: string): Promise<void> {
    await this.executeRaw(plain(`RELEASE SAVEPOINT ${name}`));
  }

  protected override execute(query: SqlQuery): Promise<WireAnswer> {
    return this.#queued(() => this.service.execute({ ...translate(query), transactionId: this.#transactionId }));
  }

  /** The service refuses a second call on a transaction while one is in flight. */
  #queued<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#last.then(call, call);
    this.#last = answer.catch(() => {});
    return answer;
  }
}

class DataApiAdapter extends DataApiQueryable implements SqlDriverAdapter {
  async startTransaction(isolationLevel?: IsolationLevel): Promise<Transaction> {
    const transaction = new DataApiTransaction(this.service, await this.service.begin());
    if (!isolationLevel) return transaction;
    try {
      await transaction.executeRaw(plain(`SET TRANSACTION ISOLATION LEVEL ${isolationLevel}`));
      return transaction;
    } catch (error) {
      await transaction.rollback().catch(() => {}); // the first error is the one to report
      throw error;
    }
  }

  async executeScript(script: string): Promise<void> {
    const transaction = await this.startTransaction();
    try {
      for (const statement of splitStatements(script)) await transaction.executeRaw(plain(statement));
      await transaction.commit();
    } catch (error) {
      await transaction.rollback().catch(() => {});
      throw error;
    }
  }

  /**
   * As many bound values a statement as keep its text below 65,536 characters. Prisma splits longer lists, but refuses
   * those of an ordered query (P2029): long lists are for `Database.query`.
   */
  getConnectionInfo(): ConnectionInfo {
    return { schemaName: 'public', maxBindValues: 1_000, supportsRelationJoins: true };
  }

  async dispose(): Promise<void> {}
}

const plain = (sql: string): SqlQuery => ({ sql, args: [], argTypes: [] });
