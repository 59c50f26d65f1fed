import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  RDSDataClient,
  RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';
import { connect } from '@inventory/database';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { callerOf } from '../../../layers/database/src/data-api/caller.ts';
import { translate } from '../../../layers/database/src/data-api/parameters.ts';
import { dataApiService } from '../../../layers/database/src/data-api/service.ts';
import { openTestDatabase, type TestDatabase } from '../../database-fixture.ts';

const random = () => randomBytes(12).toString('hex');
const signatory = { accessKeyId: random(), secretAccessKey: random(), sessionToken: random() };
const where = { resourceArn: 'arn:aws:rds:cluster', secretArn: 'arn:aws:secret' };

/** What Lambda sets. */
function actAs(url: string, { accessKeyId, secretAccessKey, sessionToken } = signatory): void {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ENDPOINT_URL_RDS_DATA', url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', sessionToken);
}

afterEach(() => vi.unstubAllEnvs());

describe('The requests of our client are those of the SDK', () => {
  type Seen = { path: string; body: unknown; headers: IncomingHttpHeaders };
  let server: Server;
  let url: string;
  const seen: Seen[] = [];

  beforeAll(async () => {
    server = createServer(async (message, response) => {
      const body = await buffer(message);
      seen.push({ path: message.url ?? '', body: JSON.parse(String(body)), headers: message.headers });
      response.end(JSON.stringify({ transactionId: 'tx' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    seen.length = 0;
    actAs(url);
  });
  afterAll(() => server.close());

  const ours = () => dataApiService({ ...where, database: 'inventory' });
  const sdk = () => new RDSDataClient({ maxAttempts: 1 });
  const args = ['x', 12, 2n ** 60n, 0.5, true, null, new Uint8Array([0, 255]), ['a', 'b'], '漢字 "quoted"'];
  const types = ['string', 'int', 'bigint', 'float', 'boolean', 'string', 'bytes', 'string', 'unknown'] as const;
  const { sql, parameters } = translate({
    sql: `SELECT ${args.map((_, index) => `$${index + 1}`).join(', ')}`,
    args,
    argTypes: types.map((scalarType, index) => ({ scalarType, arity: index === 7 ? 'list' : 'scalar' })),
  });

  it.each([
    {
      name: 'ExecuteStatement',
      ours: () => ours().execute({ sql, parameters, transactionId: 'tx' }),
      sdk: () =>
        sdk().send(
          new ExecuteStatementCommand({
            ...where,
            database: 'inventory',
            sql,
            transactionId: 'tx',
            parameters: parameters.map(({ name, value: { blobValue, ...value } }) => ({
              ...(name && { name }),
              value:
                blobValue === undefined ? (value as { isNull: true }) : { blobValue: Buffer.from(blobValue, 'base64') },
            })),
            includeResultMetadata: true,
            resultSetOptions: { longReturnType: 'STRING', decimalReturnType: 'STRING' },
          }),
        ),
    },
    {
      name: 'BeginTransaction',
      ours: () => ours().begin(),
      sdk: () => sdk().send(new BeginTransactionCommand({ ...where, database: 'inventory' })),
    },
    {
      name: 'CommitTransaction',
      ours: () => ours().commit('tx'),
      sdk: () => sdk().send(new CommitTransactionCommand({ ...where, transactionId: 'tx' })),
    },
    {
      name: 'RollbackTransaction',
      ours: () => ours().rollback('tx'),
      sdk: () => sdk().send(new RollbackTransactionCommand({ ...where, transactionId: 'tx' })),
    },
  ])('$name', async ({ ours, sdk }) => {
    await sdk();
    await ours();

    const [expected, found] = seen;
    expect(found?.path).toBe(expected?.path);
    expect(found?.body).toEqual(expected?.body);
    expect(signedHeaders(found)).toEqual(signedHeaders(expected));
  });

  /** Without those by which the SDK speaks of itself and of its attempts. Time and order of members are each one's own. */
  const signedHeaders = (request: Seen | undefined): Record<string, unknown> => {
    const names = /SignedHeaders=([^,]+)/.exec(request?.headers.authorization ?? '')?.[1]?.split(';') ?? [];
    const compared = names.filter((name) => !name.startsWith('amz-sdk-') && name !== 'x-amz-user-agent');
    const free = ['x-amz-date', 'x-amz-content-sha256'];
    return Object.fromEntries(compared.map((name) => [name, free.includes(name) || request?.headers[name]]));
  };

  it.each(['eu-central-1', 'us-gov-west-1', 'cn-north-1'])('go where the SDK would send them: %s', async (region) => {
    const config = new RDSDataClient({ region }).config;
    const endpoint = config.endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });

    expect(`${callerOf(undefined, { AWS_REGION: region }).endpoint}/`).toBe(endpoint.url.href);
  });
});

describe('A Data API that looks at signatures', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase({ emulator: { signatory } });
  });
  afterAll(() => test.close());

  const ask = async () => {
    const database = connect({ kind: 'data-api', ...where, database: 'inventory' });
    const [answer] = await Promise.allSettled([database.query({ text: `SELECT '漢字' AS text`, values: [] })]);
    await database.close();
    return answer;
  };

  it('takes ours', async () => {
    actAs(test.emulator.url);

    expect(await ask()).toEqual({ status: 'fulfilled', value: [{ text: '漢字' }] });
  });

  it("takes the SDK's, which was written by somebody else", async () => {
    actAs(test.emulator.url);

    const answer = await new RDSDataClient({}).send(new ExecuteStatementCommand({ ...where, sql: 'SELECT 1' }));

    expect(answer.records).toEqual([[{ longValue: 1 }]]);
  });

  it.each([
    { what: 'of another secret', change: { secretAccessKey: random() } },
    { what: 'of another account', change: { accessKeyId: random() } },
    { what: 'of another session', change: { sessionToken: random() } },
    { what: 'of no session', change: { sessionToken: '' } },
  ])('refuses one $what', async ({ change }) => {
    actAs(test.emulator.url, { ...signatory, ...change });

    expect(await ask()).toMatchObject({ status: 'rejected', reason: { kind: 'OTHER' } });
  });

  it('refuses a request that is not signed', async () => {
    const response = await fetch(`${test.emulator.url}/Execute`, { method: 'POST', body: '{}' });

    expect(response.status).toBe(403);
  });

  it('reads the credentials anew for each request', async () => {
    actAs(test.emulator.url, { ...signatory, secretAccessKey: random() });
    const database = connect({ kind: 'data-api', ...where, database: 'inventory' });
    const statement = { text: 'SELECT 1 AS one', values: [] };
    await expect(database.query(statement)).rejects.toMatchObject({ kind: 'OTHER' });

    actAs(test.emulator.url);

    expect(await database.query(statement)).toEqual([{ one: 1 }]);
    await database.close();
  });

  it.each(['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])('is not asked without %s', async (name) => {
    actAs(test.emulator.url);
    vi.stubEnv(name, '');

    await expect(async () => {
      const answer = await ask();
      if (answer?.status === 'rejected') throw answer.reason;
    }).rejects.toThrow(name);
  });
});
