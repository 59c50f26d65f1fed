import type { SqlDriverAdapter, SqlQuery, SqlQueryable, Transaction } from '@prisma/driver-adapter-utils';

/** Runs `work` in one transaction of a driver adapter: commits what it returns, rolls back when it throws. */
export async function inTransaction<Result>(
  adapter: SqlDriverAdapter,
  work: (transaction: SqlQueryable) => Promise<Result>,
): Promise<Result> {
  const transaction = await adapter.startTransaction();
  let result: Result;
  try {
    result = await work(transaction);
  } catch (error) {
    await rollback(transaction).catch(() => {}); // the first error is the one to report
    throw error;
  }
  await commit(transaction);
  return result;
}

/**
 * `pg` wants the SQL first and gets its connection back by `commit()` or `rollback()`, exactly once: a second use
 * would reach whoever holds that connection by then. The Data API ends a transaction by a call of its own.
 */
async function commit(transaction: Transaction): Promise<void> {
  if (transaction.options.usePhantomQuery) {
    try {
      await transaction.commit();
    } catch (error) {
      await transaction.rollback().catch(() => {}); // a commit that was never sent leaves locks behind
      throw error;
    }
  } else {
    try {
      await transaction.executeRaw(plain('COMMIT'));
    } finally {
      await transaction.commit();
    }
  }
}

async function rollback(transaction: Transaction): Promise<void> {
  try {
    if (!transaction.options.usePhantomQuery) await transaction.executeRaw(plain('ROLLBACK'));
  } finally {
    await transaction.rollback();
  }
}

const plain = (sql: string): SqlQuery => ({ sql, args: [], argTypes: [] });
