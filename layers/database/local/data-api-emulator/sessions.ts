import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { databaseError, ServiceException, toServiceException, transactionNotFound } from './exceptions.ts';
import type { Limits } from './limits.ts';

export type Work<Result> = (client: pg.ClientBase) => Promise<Result>;

/** The service's connections: a clean one for every call, and one of its own for every transaction. */
export type Sessions = ReturnType<typeof openSessions>;

type Options = { readonly connectionString: string; readonly maxConnections: number; readonly limits: Limits };

type Transaction = { readonly client: pg.PoolClient; isBusy: boolean; idle: NodeJS.Timeout | undefined };

export function openSessions({ connectionString, maxConnections, limits }: Options) {
  const pool = new pg.Pool({ connectionString, max: maxConnections, options: '-c TimeZone=UTC' });
  pool.on('error', () => {}); // an idle connection died: the pool replaces it
  pool.on('connect', (client) => client.on('error', () => {})); // one in use died: its query says so
  const transactions = new Map<string, Transaction>();

  /**
   * Nothing survives between calls. `DISCARD ALL` runs after the answer is on its way: a caller waits for it only when
   * every connection is in use.
   */
  function giveBack(client: pg.PoolClient): void {
    client.query('DISCARD ALL').then(
      () => client.release(),
      () => client.release(true),
    );
  }

  /** The service cancels what runs longer than 45 s. The role's own `statement_timeout` applies beside it. */
  async function limited<Result>(client: pg.ClientBase, work: Work<Result>): Promise<Result> {
    let hasTimedOut = false;
    const timer = setTimeout(() => {
      hasTimedOut = true;
      cancel(client).catch(() => {});
    }, limits.statementMilliseconds);
    try {
      return await work(client);
    } catch (error) {
      if (hasTimedOut) throw new ServiceException('StatementTimeoutException', 400, 'Query timed out');
      throw toServiceException(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async function cancel(client: pg.ClientBase): Promise<void> {
    const canceller = new pg.Client({ connectionString });
    await canceller.connect();
    await canceller.query('SELECT pg_cancel_backend($1)', [processId(client)]);
    await canceller.end();
  }

  function restartIdleTimer(id: string, transaction: Transaction): void {
    clearTimeout(transaction.idle);
    transaction.idle = setTimeout(() => finish(id, 'ROLLBACK').catch(() => {}), limits.transactionIdleMilliseconds);
    transaction.idle.unref();
  }

  async function finish(id: string, how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    const transaction = transactions.get(id);
    if (!transaction) throw transactionNotFound(id);
    if (transaction.isBusy) throw databaseError('Transaction is still running a query');
    transactions.delete(id);
    clearTimeout(transaction.idle);
    try {
      await limited(transaction.client, (client) => client.query(how));
    } finally {
      giveBack(transaction.client);
    }
  }

  return {
    /** One statement by itself, committed when it ends. */
    async once<Result>(work: Work<Result>): Promise<Result> {
      const client = await pool.connect().catch((error) => Promise.reject(toServiceException(error)));
      try {
        return await limited(client, work);
      } finally {
        giveBack(client);
      }
    },

    async begin(): Promise<string> {
      const client = await pool.connect().catch((error) => Promise.reject(toServiceException(error)));
      await client.query('BEGIN');
      const id = Buffer.from(randomUUID()).toString('base64');
      const transaction: Transaction = { client, isBusy: false, idle: undefined };
      transactions.set(id, transaction);
      restartIdleTimer(id, transaction);
      return id;
    },

    /** One statement of a transaction. Any error ends it, and a second call while one runs is refused. */
    async within<Result>(id: string, work: Work<Result>): Promise<Result> {
      const transaction = transactions.get(id);
      if (!transaction) throw transactionNotFound(id);
      if (transaction.isBusy) throw databaseError('Transaction is still running a query');
      transaction.isBusy = true;
      clearTimeout(transaction.idle);
      try {
        const result = await limited(transaction.client, work);
        transaction.isBusy = false;
        restartIdleTimer(id, transaction);
        return result;
      } catch (error) {
        transaction.isBusy = false;
        await finish(id, 'ROLLBACK').catch(() => {}); // the statement's error is the one to report
        throw error;
      }
    },

    finish,

    async close(): Promise<void> {
      await Promise.all([...transactions.keys()].map((id) => finish(id, 'ROLLBACK').catch(() => {})));
      await pool.end();
    },
  };
}

/** `pg` knows the number of the server process; its types do not. */
function processId(client: pg.ClientBase): number {
  if ('processID' in client && typeof client.processID === 'number') return client.processID;
  throw new Error('The connection has no process id');
}
