import { connect } from '@inventory/database';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../database-fixture.ts';

const receive = (sku: string) => ({
  text: 'INSERT INTO positions (sku, pool_quantity, pool_value) VALUES (CAST($1 AS text), 0, 0)',
  values: [sku],
});

describe('When the Data API fails', () => {
  let test: TestDatabase;
  let deadline = Number.POSITIVE_INFINITY;
  beforeAll(async () => {
    test = await openTestDatabase({ deadline: () => deadline });
  });
  afterAll(() => test.close());
  afterEach(() => {
    deadline = Number.POSITIVE_INFINITY;
    test.emulator.setLatency(0);
  });

  const exists = async (sku: string) => (await test.administrator.prisma.position.count({ where: { sku } })) === 1;
  const executions = async (run: () => Promise<unknown>) => {
    test.emulator.resetStats();
    const [result] = await Promise.allSettled([run()]);
    return { result, calls: test.emulator.stats.calls };
  };

  it('sends a throttled call again', async () => {
    test.emulator.fail('THROTTLED', { times: 2 });

    const { result, calls } = await executions(() => test.database.query(receive('throttled')));

    expect(result).toMatchObject({ status: 'fulfilled' });
    expect(calls).toBe(3);
    expect(await exists('throttled')).toBe(true);
  });

  it('waits for a cluster that resumes', async () => {
    test.emulator.sleep(600);

    const { result, calls } = await executions(() => test.database.query(receive('asleep')));

    expect(result).toMatchObject({ status: 'fulfilled' });
    expect(calls).toBeGreaterThan(1);
  });

  it('waits for it in model queries too', async () => {
    test.emulator.sleep(300);

    expect(await test.database.prisma.movement.count()).toBe(0);
  });

  it('stops waiting five seconds before the deadline', async () => {
    deadline = Date.now() + 5_600;
    test.emulator.sleep(60_000);

    const start = Date.now();
    const { result } = await executions(() => test.database.query(receive('too late')));

    expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'UNAVAILABLE', sqlState: null } });
    expect(Date.now() - start).toBeLessThan(1_000);
    test.emulator.sleep(0);
  });

  it('sends nothing after the deadline', async () => {
    deadline = Date.now() - 1;

    const { result, calls } = await executions(() => test.database.query(receive('late')));
    const model = await executions(() => test.database.prisma.position.count());
    const transaction = await executions(() => test.database.transaction(async () => {}));

    expect(result).toMatchObject({ status: 'rejected', reason: { name: 'DatabaseError', kind: 'TIMEOUT' } });
    expect(transaction.result).toMatchObject({ status: 'rejected', reason: { kind: 'TIMEOUT' } });
    expect(model.result.status).toBe('rejected');
    expect([calls, model.calls, transaction.calls]).toEqual([0, 0, 0]);
  });

  it('abandons a call that is in flight at the deadline', async () => {
    test.emulator.setLatency(2_000);
    deadline = Date.now() + 200;

    const start = Date.now();
    const { result } = await executions(() => test.database.query(receive('in flight')));

    expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'TIMEOUT' } });
    expect(Date.now() - start).toBeLessThan(1_500);
  });

  it('gives up the locks of a transaction whose deadline passes', async () => {
    await test.administrator.query(receive('locked'));

    const running = test.database.transaction(async ({ query }) => {
      await query({ text: `UPDATE positions SET version = 9 WHERE sku = 'locked'`, values: [] });
      deadline = Date.now() - 1;
      await query({ text: 'SELECT 1', values: [] });
    });

    await expect(running).rejects.toMatchObject({ kind: 'TIMEOUT' });
    const free = await test.administrator.query({
      text: `SELECT version FROM positions WHERE sku = 'locked' FOR UPDATE NOWAIT`,
      values: [],
    });
    expect(free).toEqual([{ version: '1' }]);
  });

  it('does not commit after the deadline, and leaves no transaction open', async () => {
    const running = test.database.transaction(async ({ query }) => {
      await query(receive('not committed'));
      deadline = Date.now() - 1;
    });

    await expect(running).rejects.toMatchObject({ kind: 'TIMEOUT' });
    expect(await exists('not committed')).toBe(false);
    const open = await test.administrator.query({
      text: `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`,
      values: [],
    });
    expect(open).toEqual([]);
  });

  it.each(['INTERNAL_ERROR', 'UNAVAILABLE', 'CUT_BEFORE'] as const)(
    'does not repeat a write after %s',
    async (fault) => {
      test.emulator.fail(fault);

      const { result, calls } = await executions(() => test.database.query(receive(fault)));

      expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'UNAVAILABLE' } });
      expect(calls).toBe(1);
      expect(await exists(fault)).toBe(false);
    },
  );

  it('does not repeat a write whose answer was lost', async () => {
    test.emulator.fail('LOST_ANSWER');

    const { result, calls } = await executions(() => test.database.query(receive('lost answer')));

    expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'UNAVAILABLE' } });
    expect(calls).toBe(1);
    expect(await exists('lost answer')).toBe(true);
  });

  it('hits the call that a test chooses', async () => {
    test.emulator.fail('LOST_ANSWER', { when: ({ operation }) => operation === 'CommitTransaction' });

    const running = test.database.transaction(({ query }) => query(receive('lost commit')));

    await expect(running).rejects.toMatchObject({ kind: 'UNAVAILABLE' });
    expect(await exists('lost commit')).toBe(true);
  });

  it('says unavailable when nobody listens', async () => {
    const nobody = connect({ ...test.config, endpoint: 'http://127.0.0.1:1' } as Parameters<typeof connect>[0]);

    await expect(nobody.query({ text: 'SELECT 1', values: [] })).rejects.toMatchObject({ kind: 'UNAVAILABLE' });

    await nobody.close();
  });

  it("honours the application role's own timeouts", async () => {
    const settings = await test.database.query({
      text: `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
        current_setting('idle_in_transaction_session_timeout') AS idle, current_user::text AS role`,
      values: [],
    });

    expect(settings).toEqual([{ statement: '40s', lock: '20s', idle: '15s', role: 'inventory_application' }]);
  });

  it('reports a transaction that PostgreSQL has ended for idling, and goes on', async () => {
    const running = test.database.transaction(async ({ query }) => {
      await query({ text: `SET LOCAL idle_in_transaction_session_timeout = '100ms'`, values: [] });
      await new Promise((resolve) => setTimeout(resolve, 400));
      await query({ text: 'SELECT 1', values: [] });
    });

    await expect(running).rejects.toMatchObject({ name: 'DatabaseError' });
    expect(await test.database.query({ text: 'SELECT 1 AS a', values: [] })).toEqual([{ a: 1 }]);
  });

  it('survives a connection of the server that breaks', async () => {
    const running = Promise.allSettled([test.database.query({ text: 'SELECT 1 AS a FROM pg_sleep(5)', values: [] })]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await test.administrator.query({
      text: `SELECT pg_terminate_backend(pid) AS a FROM pg_stat_activity WHERE query LIKE '%pg_sleep(5)%' AND pid <> pg_backend_pid() AND datname = current_database()`,
      values: [],
    });

    expect(await running).toMatchObject([{ status: 'rejected', reason: { kind: 'UNAVAILABLE' } }]);
    expect(await test.database.query({ text: 'SELECT 1 AS a', values: [] })).toEqual([{ a: 1 }]);
  });
});

describe('When a transaction idles for longer than the Data API allows', () => {
  it('is over, and says so', async () => {
    const test = await openTestDatabase({ emulator: { limits: { transactionIdleMilliseconds: 100 } } });

    const running = test.database.transaction(async ({ query }) => {
      await query(receive('idle'));
      await new Promise((resolve) => setTimeout(resolve, 300));
      await query(receive('too late'));
    });

    await expect(running).rejects.toMatchObject({ kind: 'TIMEOUT' });
    expect(await test.database.prisma.position.count()).toBe(0);
    await test.close();
  });
});

describe('When plain PostgreSQL fails', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase({ via: 'postgres' });
  });
  afterAll(() => test.close());

  it('says unavailable when nobody listens', async () => {
    const nobody = connect({ kind: 'postgres', url: 'postgresql://postgres@127.0.0.1:1/none' });

    await expect(nobody.query({ text: 'SELECT 1', values: [] })).rejects.toMatchObject({ kind: 'UNAVAILABLE' });

    await nobody.close();
  });

  it('survives a connection that breaks, in a query and in a transaction', async () => {
    const sleep = { text: 'SELECT 1 AS a FROM pg_sleep(5)', values: [] };
    const running = [test.database.query(sleep), test.database.transaction(({ query }) => query(sleep))];
    const outcomes = Promise.allSettled(running);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await test.administrator.query({
      text: `SELECT pg_terminate_backend(pid) AS a FROM pg_stat_activity WHERE query LIKE '%pg_sleep(5)%' AND pid <> pg_backend_pid() AND datname = current_database()`,
      values: [],
    });

    const broken = { status: 'rejected', reason: { name: 'DatabaseError', kind: 'UNAVAILABLE' } };
    expect(await outcomes).toMatchObject([broken, broken]);
    expect(await test.database.query({ text: 'SELECT 1 AS a', values: [] })).toEqual([{ a: 1 }]);
  });
});
