import { DatabaseError } from '@inventory/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../database-fixture.ts';
import { OPERATIONS } from './operations.ts';

describe('The Data API has the outcomes of plain PostgreSQL', () => {
  let plain: TestDatabase;
  let dataApi: TestDatabase;
  beforeAll(async () => {
    [plain, dataApi] = await Promise.all([
      openTestDatabase({ via: 'postgres' }),
      openTestDatabase({ via: 'data-api' }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([plain.close(), dataApi.close()]);
  });

  it.each(OPERATIONS)('$name', async ({ run }) => {
    const [expected, actual] = await Promise.all([plain, dataApi].map(({ database }) => outcome(run(database))));

    expect(actual).toEqual(expected);
  });

  /** Two transactions at once, each of which moves two positions one after the other. */
  const race = (test: TestDatabase, isolationLevel: 'Serializable' | 'ReadCommitted', skus: [string, string][]) =>
    Promise.all(
      skus.map(async ([first, second]) => {
        const { prisma } = test.database;
        const move = (client: Pick<typeof prisma, 'position'>, sku: string) =>
          client.position.update({ where: { sku }, data: { version: { increment: 1n } } });
        const running = prisma.$transaction(
          async (transaction) => {
            await transaction.position.findMany();
            await pause(100);
            await move(transaction, first);
            await pause(100);
            await move(transaction, second);
          },
          { isolationLevel, timeout: 10_000 },
        );
        const result = await outcome(running);
        return 'error' in result ? result.error : 'ok';
      }),
    );

  it.each(['plain', 'data-api'])(
    'reports a deadlock and a serialization failure as write conflicts: %s',
    async (via) => {
      const test = via === 'plain' ? plain : dataApi;
      const rows = ['X', 'Y'].map((sku) => ({ sku, poolQuantity: 0, poolValue: 0n }));
      await test.database.prisma.position.createMany({ data: rows });

      const deadlock = await race(test, 'ReadCommitted', [
        ['X', 'Y'],
        ['Y', 'X'],
      ]);
      const conflict = await race(test, 'Serializable', [
        ['X', 'X'],
        ['X', 'X'],
      ]);

      expect(deadlock.sort()).toEqual(['P2034', 'ok']);
      expect(conflict.sort()).toEqual(['P2034', 'ok']);
    },
  );

  it('differs in this: Prisma cannot split an ordered list of over 1,000 values', async () => {
    const ordered = {
      where: { sku: { in: Array.from({ length: 1_001 }, (_, n) => `S${n}`) } },
      orderBy: { sku: 'asc' },
    } as const;

    expect(await outcome(plain.database.prisma.position.findMany(ordered))).toEqual({ value: [] });
    expect(await outcome(dataApi.database.prisma.position.findMany(ordered))).toEqual({ error: 'P2029' });
  });

  it.each(['plain', 'data-api'])('names a lost race for our own statements: %s', async (via) => {
    const { database } = via === 'plain' ? plain : dataApi;
    const lock = (sku: string) => ({
      text: 'SELECT 1 FROM positions WHERE sku = CAST($1 AS text) FOR UPDATE',
      values: [sku],
    });
    const lockBoth = (first: string, second: string) =>
      database.transaction(async (transaction) => {
        await transaction.query(lock(first));
        await pause(150);
        await transaction.query(lock(second));
      });

    const outcomes = await Promise.allSettled([lockBoth('X', 'Y'), lockBoth('Y', 'X')]);

    const failures = outcomes.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(failures).toEqual([expect.objectContaining({ kind: 'WRITE_CONFLICT', sqlState: '40P01' })]);
  });
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

type Outcome = { value: unknown } | { error: unknown; [fact: string]: unknown };

/** What both ways must agree on: the value, or all that a caller may branch on. */
async function outcome(running: Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await running };
  } catch (error) {
    if (error instanceof DatabaseError) {
      const { kind, sqlState, constraint, message } = error;
      return { error: 'DatabaseError', kind, sqlState, constraint, message };
    }
    if (error instanceof Error) return { error: 'code' in error ? error.code : error.name };
    throw error;
  }
}
