import { randomBytes } from 'node:crypto';
import { neededMigrations } from '@inventory/database';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler } from '../../functions/migrate/handler.ts';
import { lambdaWith, signInAsLambda } from './caller.ts';
import { linesOf } from './lines.ts';
import { APPLICATION, type Cluster, type Fresh, startCluster } from './master.ts';
import { type Service, startService } from './service.ts';

let cluster: Cluster;
let fresh: Fresh;
let secrets: Service;
let cloudFormation: Service;
let password = '';
beforeAll(async () => {
  cluster = await startCluster();
  signInAsLambda();
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  password = `${randomBytes(9).toString('hex')}'"\\$:x`;
  fresh = await cluster.open();
  secrets = await startService(() => ({ body: { SecretString: JSON.stringify({ username: APPLICATION, password }) } }));
  cloudFormation = await startService();
  vi.stubEnv('AWS_ENDPOINT_URL_RDS_DATA', fresh.emulator.url);
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', secrets.url);
  vi.stubEnv('CLUSTER_ARN', 'arn:aws:rds:eu-central-1:000000000000:cluster:inventory');
  vi.stubEnv('MASTER_SECRET_ARN', 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:master');
  vi.stubEnv('APPLICATION_SECRET_ARN', 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:application');
  vi.stubEnv('DATABASE_NAME', 'inventory');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  secrets.close();
  cloudFormation.close();
  await fresh.close();
});

const requestOf = (RequestType: 'Create' | 'Update' | 'Delete'): CloudFormationCustomResourceEvent => {
  const common = {
    ServiceToken: 'arn:aws:lambda:eu-central-1:000000000000:function:migrate',
    ResponseURL: `${cloudFormation.url}/answers/1?signature=s`,
    StackId: 'arn:aws:cloudformation:eu-central-1:000000000000:stack/inventory/1',
    RequestId: 'request-1',
    LogicalResourceId: 'Migrations',
    ResourceType: 'Custom::Migrations',
    ResourceProperties: { ServiceToken: 'arn:x', Bundle: 'arn:x:2' },
  };
  if (RequestType === 'Create') return { ...common, RequestType };
  const PhysicalResourceId = 'inventory-allocation-schema';
  if (RequestType === 'Delete') return { ...common, RequestType, PhysicalResourceId };
  return { ...common, RequestType, PhysicalResourceId, OldResourceProperties: { ServiceToken: 'arn:x' } };
};

const answers = () => cloudFormation.seen.map(({ body }) => body);
const common = {
  StackId: 'arn:aws:cloudformation:eu-central-1:000000000000:stack/inventory/1',
  RequestId: 'request-1',
  LogicalResourceId: 'Migrations',
  PhysicalResourceId: 'inventory-allocation-schema',
};
const success = (applied: string) => ({ ...common, Status: 'SUCCESS', Data: { Applied: applied } });
const all = neededMigrations.join(',');
const failure = (reason: RegExp) => ({ ...common, Status: 'FAILED', Reason: expect.stringMatching(reason) });

const ledger = async () => {
  const rows = await fresh.superuser.query({
    text: 'SELECT migration_name::text AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY 1',
    values: [],
  });
  return rows.map(({ name }) => name);
};

describe('Create', () => {
  it('applies the migrations, lets the application in with its password, and answers once', async () => {
    await handler(requestOf('Create'), lambdaWith(900));

    expect(answers()).toEqual([success(all)]);
    expect(cloudFormation.seen).toMatchObject([{ method: 'PUT', path: '/answers/1?signature=s' }]);
    // The address is signed for an answer without one.
    expect(cloudFormation.seen[0]?.headers['content-type'] ?? '').toBe('');
    expect(secrets.seen).toMatchObject([
      {
        headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
        body: { SecretId: process.env.APPLICATION_SECRET_ARN },
      },
    ]);
    expect(await ledger()).toEqual(neededMigrations);
  });

  it('gives the application what it needs and no more', async () => {
    await handler(requestOf('Create'), lambdaWith(900));

    const application = await fresh.logIn(password);
    const may = (text: string) => application.query({ text, values: [] });
    expect(await may('SELECT count(*) AS orders FROM orders')).toHaveLength(1);
    await expect(may('DELETE FROM movements')).rejects.toMatchObject({ sqlState: '42501' });
    await expect(may('UPDATE movements SET actor = actor')).rejects.toMatchObject({ sqlState: '42501' });
    await expect(may('CREATE TABLE mine (x integer)')).rejects.toMatchObject({ sqlState: '42501' });
  });

  it('takes the password that the secret has now', async () => {
    const before = password;
    await handler(requestOf('Create'), lambdaWith(900));
    password = randomBytes(12).toString('hex');

    await handler(requestOf('Update'), lambdaWith(900));

    const [old, current] = [await fresh.logIn(before), await fresh.logIn(password)];
    await expect(old.query({ text: 'SELECT 1', values: [] })).rejects.toMatchObject({ sqlState: '28P01' });
    expect(await current.query({ text: 'SELECT 1', values: [] })).toHaveLength(1);
  });

  it('shows the password to no log, no statement and no answer', async () => {
    const proxy = await startService(async ({ path, text, headers }) => {
      const response = await fetch(`${fresh.emulator.url}${path}`, {
        method: 'POST',
        body: text,
        headers: { 'content-type': headers['content-type'] ?? '' },
      });
      const type = response.headers.get('x-amzn-errortype');
      return {
        status: response.status,
        body: await response.json(),
        headers: type ? { 'x-amzn-errortype': type } : {},
      };
    });
    vi.stubEnv('AWS_ENDPOINT_URL_RDS_DATA', proxy.url);

    const lines = await linesOf(() => handler(requestOf('Create'), lambdaWith(900)));

    const everything = JSON.stringify([lines, proxy.seen.map(({ text }) => text), answers()]);
    expect(answers()).toEqual([success(all)]);
    expect(proxy.seen.length).toBeGreaterThan(5);
    expect(everything).not.toContain(password.slice(0, 18));
    for (const { headers } of proxy.seen) expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 .*\/rds-data\//);
    proxy.close();
  });
});

describe('Update', () => {
  it('changes nothing where nothing is new', async () => {
    await handler(requestOf('Create'), lambdaWith(900));
    await handler(requestOf('Update'), lambdaWith(900));

    expect(answers()).toEqual([success(all), success('')]);
  });

  it('on the way back meets what a newer release has applied, and does nothing, successfully', async () => {
    await handler(requestOf('Create'), lambdaWith(900));
    await fresh.superuser.query({
      text: `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
        VALUES ('newer', 'x', '29990101000000_newer', now(), 1)`,
      values: [],
    });

    await handler(requestOf('Update'), lambdaWith(900));

    expect(answers().at(-1)).toEqual(success(''));
    expect(await ledger()).toEqual([...neededMigrations, '29990101000000_newer']);
  });

  it('may come twice at the same time', async () => {
    await Promise.all([handler(requestOf('Create'), lambdaWith(900)), handler(requestOf('Create'), lambdaWith(900))]);

    expect(answers().map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
    expect(await ledger()).toEqual(neededMigrations);
  });
});

it('Delete is answered at once, without the database', async () => {
  vi.stubEnv('CLUSTER_ARN', '');
  fresh.emulator.resetStats();

  await handler(requestOf('Delete'), lambdaWith(900));

  expect(answers()).toEqual([{ ...common, Status: 'SUCCESS', Data: {} }]);
  expect(fresh.emulator.stats.calls).toBe(0);
  expect(secrets.seen).toEqual([]);
});

describe('when the database', () => {
  it('sleeps, it is waited for', async () => {
    fresh.emulator.sleep(300);

    await handler(requestOf('Create'), lambdaWith(900));

    expect(answers()).toEqual([success(all)]);
  });

  it('does not wake up, the answer is FAILED, before the time is over', async () => {
    fresh.emulator.sleep(60_000);
    const lambda = lambdaWith(16);

    await handler(requestOf('Create'), lambda);

    expect(answers()).toEqual([failure(/resuming/)]);
    expect(lambda.getRemainingTimeInMillis()).toBeGreaterThan(5_000);
  });

  it('loses an answer, the work is done again, and once', async () => {
    fresh.emulator.fail('LOST_ANSWER', { when: ({ operation }) => operation === 'CommitTransaction' });

    await handler(requestOf('Create'), lambdaWith(900));

    expect(answers()).toHaveLength(1);
    expect(answers()[0].Status).toBe('SUCCESS');
    expect(await ledger()).toEqual(neededMigrations);
  });

  it('refuses a migration, the answer says why', async () => {
    await fresh.superuser.query({ text: 'CREATE TABLE orders (x integer)', values: [] });

    await handler(requestOf('Create'), lambdaWith(900));

    expect(answers()).toEqual([failure(/relation "orders" already exists/)]);
  });

  it('was changed under an applied migration, the answer says which', async () => {
    await handler(requestOf('Create'), lambdaWith(900));
    await fresh.superuser.query({ text: `UPDATE _prisma_migrations SET checksum = 'other'`, values: [] });

    await handler(requestOf('Update'), lambdaWith(900));

    expect(answers().at(-1)).toEqual(failure(/was changed after it was applied/));
  });
});

describe('when the secret', () => {
  it.each([
    ['may not be read', { status: 400, body: { __type: 'AccessDeniedException', message: 'no' } }, /AccessDenied/],
    ['holds something else', { body: { SecretString: '{"user":"x"}' } }, /holds no username and password/],
    ['is no JSON', { body: { SecretString: 'x' } }, /holds no username and password/],
    ['is binary', { body: { SecretBinary: 'eA==' } }, /holds no username and password/],
  ])('%s, the answer is FAILED', async (_, given, reason) => {
    secrets.next(given);

    await handler(requestOf('Create'), lambdaWith(900));

    expect(answers()).toEqual([failure(reason)]);
  });

  it('names a role that no migration makes, the answer is FAILED', async () => {
    secrets.next({ body: { SecretString: JSON.stringify({ username: 'somebody', password }) } });

    await handler(requestOf('Create'), lambdaWith(900));

    expect(answers()).toEqual([failure(/role "somebody" does not exist/)]);
    expect(JSON.stringify(answers())).not.toContain(password.slice(0, 18));
  });
});

it('a missing variable is told, not kept', async () => {
  vi.stubEnv('MASTER_SECRET_ARN', '');

  await handler(requestOf('Create'), lambdaWith(900));

  expect(answers()).toEqual([failure(/MASTER_SECRET_ARN is missing/)]);
});

it('a long reason is cut: an answer has at most 4,096 bytes', async () => {
  secrets.next({ status: 400, body: { __type: 'X', message: 'ü'.repeat(9_000) } });

  await handler(requestOf('Create'), lambdaWith(900));

  expect(Buffer.byteLength(cloudFormation.seen[0]?.text ?? '')).toBeLessThan(4_096);
});

it('a call that hangs does not keep the answer', async () => {
  secrets.fail('SILENCE');
  const lambda = lambdaWith(15.3);

  await handler(requestOf('Create'), lambda);

  expect(answers()).toEqual([failure(/secretsmanager:GetSecretValue|time was over/)]);
  expect(lambda.getRemainingTimeInMillis()).toBeGreaterThan(5_000);
});

describe('when CloudFormation does not take the answer', () => {
  it.each([['CUT' as const], [{ status: 503 }]])('it is sent again, the same: %j', async (fault) => {
    cloudFormation.next(fault, fault);

    await handler(requestOf('Delete'), lambdaWith(900));

    expect(new Set(cloudFormation.seen.map(({ text }) => text)).size).toBe(1);
    expect(cloudFormation.seen).toHaveLength(3);
  });

  it('to the end, the function fails, so that Lambda calls it again', async () => {
    cloudFormation.fail('CUT');

    await expect(handler(requestOf('Delete'), lambdaWith(5.3))).rejects.toThrow("CloudFormation's address");
  });
});
