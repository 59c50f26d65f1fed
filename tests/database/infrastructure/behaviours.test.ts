import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../database-fixture.ts';
import { BEHAVIOURS } from './behaviours.ts';
import { begin, execute, send } from './data-api-client.ts';

describe('The emulator does what the documentation of the RDS Data API says', () => {
  let test: TestDatabase;
  let url: string;
  beforeAll(async () => {
    const limits = { statementMilliseconds: 2_000, transactionIdleMilliseconds: 300 };
    test = await openTestDatabase({ role: 'postgres', emulator: { limits } });
    url = test.emulator.url;
  });
  afterAll(() => test.close());

  it.each(BEHAVIOURS)('$behaviour', async ({ request, answers }) => {
    const answer = await send(url, request);

    expect(answer).toMatchObject(asExpectation(answers));
  });

  it('names a source for each behaviour', () => {
    for (const { source } of BEHAVIOURS) expect(source.title && source.address && source.says).toBeTruthy();
  });

  // BeginTransaction - RDS Data API: "A transaction times out if no calls use its transaction ID in three minutes"
  it('ends a transaction that is idle for three minutes (0.3 s here), and rolls it back', async () => {
    const transactionId = await begin(url);
    await execute(url, 'CREATE TABLE idle (a int4)', transactionId);

    await pause(600);
    const late = await execute(url, 'SELECT 1 AS a', transactionId);

    expect(late).toMatchObject({ exception: 'TransactionNotFoundException' });
    expect(await execute(url, `SELECT to_regclass('idle') IS NULL AS a`)).toMatchObject({
      records: [[{ booleanValue: true }]],
    });
  });

  it('keeps a transaction that is used in time', async () => {
    const transactionId = await begin(url);

    for (let call = 0; call < 4; call++) {
      await pause(120);
      expect(await execute(url, 'SELECT 1 AS a', transactionId)).toMatchObject({ records: [[{ longValue: 1 }]] });
    }

    const end = await send(url, { operation: 'CommitTransaction', body: { transactionId } });
    expect(end).toEqual({ transactionStatus: 'Transaction Committed' });
  });

  // Troubleshooting Amazon RDS Data API issues: "Transaction is still running a query"
  it('refuses a second call on a transaction while one runs', async () => {
    const transactionId = await begin(url);
    const first = execute(url, 'SELECT 1 AS a FROM pg_sleep(0.2)', transactionId);
    await pause(50);

    const second = await execute(url, 'SELECT 2 AS a', transactionId);

    expect(second).toMatchObject({
      exception: 'DatabaseErrorException',
      message: 'Transaction is still running a query',
    });
    expect(await first).toMatchObject({ records: [[{ longValue: 1 }]] });
  });

  // Troubleshooting: "Transaction <id> isn't found … has been aborted due to an error from a previous call"
  it('ends a transaction at any SQL error', async () => {
    const transactionId = await begin(url);
    await execute(url, 'SELECT 1 / 0', transactionId);

    const next = await execute(url, 'SELECT 1 AS a', transactionId);

    expect(next).toMatchObject({ exception: 'TransactionNotFoundException' });
  });

  it('ends a transaction at an error behind a savepoint too', async () => {
    const transactionId = await begin(url);
    await execute(url, 'SAVEPOINT s', transactionId);
    await execute(url, 'SELECT 1 / 0', transactionId);

    const back = await execute(url, 'ROLLBACK TO SAVEPOINT s', transactionId);

    expect(back).toMatchObject({ exception: 'TransactionNotFoundException' });
  });

  it.each([
    ['a setting', `SET application_name = 'left'`, `SELECT current_setting('application_name') = 'left' AS a`],
    [
      'a setting by function',
      `SELECT set_config('a.b', 'left', false)`,
      `SELECT current_setting('a.b', true) IS NOT DISTINCT FROM 'left' AS a`,
    ],
    ['a role', 'SET ROLE inventory_application', `SELECT current_user = 'inventory_application' AS a`],
    [
      'a temporary table',
      'CREATE TEMP TABLE left_behind (a int4)',
      `SELECT to_regclass('left_behind') IS NOT NULL AS a`,
    ],
    ['a prepared statement', 'PREPARE p AS SELECT 1', `SELECT count(*) > 0 AS a FROM pg_prepared_statements`],
    [
      'an advisory lock',
      'SELECT true AS a FROM pg_advisory_lock(4711)',
      `SELECT count(*) > 0 AS a FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711`,
    ],
    ['a time zone', `SET timezone = 'Asia/Tokyo'`, `SELECT current_setting('timezone') <> 'UTC' AS a`],
  ])('leaves nothing of %s behind for the next call', async (_, leave, look) => {
    expect(await execute(url, leave)).not.toHaveProperty('exception');
    await pause(20); // so that its connection is among those that the next calls get

    const looks = await Promise.all(Array.from({ length: 10 }, () => execute(url, look)));

    expect(looks.map((answer) => answer.records)).toEqual(looks.map(() => [[{ booleanValue: false }]]));
  });

  it('leaves nothing of a transaction behind either', async () => {
    const transactionId = await begin(url);
    await execute(url, `SET application_name = 'left'`, transactionId);
    await send(url, { operation: 'CommitTransaction', body: { transactionId } });

    const look = await execute(
      url,
      `SELECT count(*) AS a FROM pg_stat_activity WHERE application_name = 'left' AND state <> 'idle'`,
    );

    expect(look).toMatchObject({ records: [[{ longValue: 0 }]] });
  });

  // API reference of the exceptions: DatabaseResumingException, "wait a few seconds and try again"
  it('refuses calls while a sleeping cluster resumes, from the first call on', async () => {
    test.emulator.sleep(300);
    await pause(400); // nobody calls, so it sleeps on

    const first = await execute(url, 'SELECT 1 AS a');
    await pause(350);
    const later = await execute(url, 'SELECT 1 AS a');

    expect(first).toMatchObject({ exception: 'DatabaseResumingException' });
    expect(later).toMatchObject({ records: [[{ longValue: 1 }]] });
  });

  it('takes the latency that it is told, half of it on each way', async () => {
    test.emulator.setLatency(80);

    const start = performance.now();
    await execute(url, 'SELECT 1 AS a');
    const took = performance.now() - start;

    test.emulator.setLatency(0);
    expect(took).toBeGreaterThanOrEqual(78);
  });

  it('refuses what it does not emulate, rather than to answer wrongly', async () => {
    const answer = await send(url, { operation: 'Execute', body: { sql: 'SELECT 1', formatRecordsAs: 'JSON' } });

    expect(answer).toMatchObject({ exception: 'NotEmulated' });
  });

  it('refuses an operation that it does not know, and a request without its ARNs', async () => {
    const unknown = await fetch(`${url}/ExecuteSql`, { method: 'POST', body: '{}' });
    const anonymous = await send(url, { operation: 'Execute', body: { sql: 'SELECT 1', resourceArn: '' } });

    expect(unknown.status).toBe(404);
    expect(anonymous).toMatchObject({ exception: 'BadRequestException', message: 'resourceArn is required.' });
  });
});

/** A pattern stands for any message that it matches. */
const asExpectation = (answers: unknown): object =>
  Object.fromEntries(
    Object.entries(Object(answers)).map(([name, value]) => [
      name,
      value instanceof RegExp ? expect.stringMatching(value) : value,
    ]),
  );

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
