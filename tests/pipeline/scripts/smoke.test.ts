import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { readSettings } from '@inventory/schemas';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { consoleDocument } from '../../../functions/console/document.ts';
import { pageFiles } from '../../../functions/console/page-files.ts';
import { readPageSettings } from '../../../functions/console/settings.ts';
import { type Checkout, makeCheckout } from './checkout.ts';
import { deployStack } from './stand-in/world.ts';

const name = 'inventory-allocation-stage';
const release = 'b'.repeat(40);
const token = randomBytes(24).toString('base64url');
const secret = randomBytes(24).toString('base64url');
const page = (releaseId: string) =>
  consoleDocument(pageFiles('', ''), readPageSettings({ RELEASE_ID: releaseId }, undefined), []).html;
type Answer = { status: number; body: string | object } | 'hang up';

let checkout: Checkout;
let server: Server;
let url: string;
/** By path; the last one is answered from then on. */
let answers: Record<string, Answer[]>;
let requests: { path: string; headers: IncomingMessage['headers']; body: string }[];

beforeEach(async () => {
  checkout = await makeCheckout();
  requests = [];
  answers = {
    '/v1/health': [{ status: 200, body: { status: 'OK', releaseId: release } }],
    '/v1/console': [{ status: 200, body: page(release) }],
    '/v1/health/database': [{ status: 200, body: { status: 'OK', roundTripMilliseconds: 3 } }],
    '/v1/allocate': [{ status: 200, body: { status: 'SIMULATED', dryRun: true } }],
    '/oauth2/token': [{ status: 200, body: { access_token: token, token_type: 'Bearer' } }],
  };
  server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const body = await text(request);
    requests.push({ path, headers: request.headers, body });
    const queue = answers[path] ?? [];
    const answer = queue.length > 1 ? queue.shift() : queue[0];
    if (answer === 'hang up') return void request.socket.destroy();
    const { status, body: said } = answer ?? { status: 404, body: {} };
    response.writeHead(status).end(typeof said === 'string' ? said : JSON.stringify(said));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // of a server that listens on TCP
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  checkout.remove();
});

const smoke = (environment: Record<string, string> = { SMOKE_TOKEN: token }, ...more: string[]) =>
  checkout.run(
    'smoke.sh',
    ['stage', '--url', `${url}/v1/`, '--release-id', release, '--timeout', '20', ...more],
    environment,
  );

test('asks the release, the page, the database and a dry run, which decides and stores nothing', async () => {
  const { code, stderr } = await smoke();

  expect(code, stderr).toBe(0);
  expect(requests.map(({ path }) => path)).toEqual([
    '/v1/health',
    '/v1/console',
    '/v1/health/database',
    '/v1/allocate',
  ]);
  expect(requests.map(({ headers }) => headers.authorization)).toEqual([
    undefined,
    undefined,
    `Bearer ${token}`,
    `Bearer ${token}`,
  ]);
  expect(JSON.parse(requests[3]?.body ?? '')).toEqual({ filter: { sku: expect.any(String) }, dryRun: true });
  expect(requests[3]?.headers['idempotency-key']).toBeDefined();
});

describe('waits', () => {
  test('for a sleeping database', async () => {
    const asleep: Answer = { status: 503, body: { code: 'RETRY_LATER' } };
    answers['/v1/health/database']?.unshift(asleep, asleep);

    expect((await smoke()).code).toBe(0);
  });

  test('for an old release that answers a moment longer, and a connection that breaks', async () => {
    answers['/v1/health']?.unshift({ status: 200, body: { status: 'OK', releaseId: 'old' } }, 'hang up');
    answers['/v1/console']?.unshift({ status: 200, body: page('old') });

    expect((await smoke()).code).toBe(0);
  });

  test('not for ever', async () => {
    answers['/v1/health/database'] = [{ status: 503, body: { detail: 'The database is resuming' } }];

    const { code, stderr } = await smoke({ SMOKE_TOKEN: token }, '--timeout', '1');

    expect(code).toBe(3);
    expect(stderr).toContain('The database is resuming');
  });
});

describe('fails', () => {
  test('when traffic has not moved', async () => {
    answers['/v1/health'] = [{ status: 200, body: { status: 'OK', releaseId: 'old' } }];

    const { code, stderr } = await smoke({ SMOKE_TOKEN: token }, '--timeout', '1');

    expect(code).toBe(1);
    expect(stderr).toContain(`still says release old after 1 seconds, not ${release}`);
  });

  test.for([
    ['/v1/health', { status: 404, body: {} }, 'answers 404'],
    ['/v1/health', { status: 200, body: '<html>' }, 'without a member releaseId'],
    ['/v1/console', { status: 200, body: '<!doctype html>' }, 'without a member releaseId'],
    ['/v1/health/database', { status: 401, body: {} }, 'token'],
    ['/v1/health/database', { status: 200, body: { status: 'MIGRATIONS_PENDING' } }, 'MIGRATIONS_PENDING, not OK'],
    ['/v1/allocate', { status: 403, body: {} }, 'lacks a scope'],
    ['/v1/allocate', { status: 422, body: { detail: 'Unknown field' } }, 'Unknown field'],
    ['/v1/allocate', { status: 200, body: { status: 'ALLOCATED' } }, 'ALLOCATED, not SIMULATED'],
  ] as const)('%s with %j', async ([path, answer, said]) => {
    answers[path] = [answer];

    const { code, stderr } = await smoke();

    expect(code).toBe(1);
    expect(stderr).toContain(said);
    expect(requests.filter((request) => request.path === path)).toHaveLength(1);
  });

  test('when nobody listens', async () => {
    const { code } = await smoke({ SMOKE_TOKEN: token }, '--url', 'http://127.0.0.1:9/v1', '--timeout', '1');

    expect(code).toBe(3);
  });
});

describe('the token', () => {
  test('comes of the client that is named', async () => {
    const { code } = await smoke({
      SMOKE_TOKEN_URL: `${url}/oauth2/token`,
      SMOKE_CLIENT_ID: 'deployer',
      SMOKE_CLIENT_SECRET: secret,
    });

    expect(code).toBe(0);
    const asked = requests.find(({ path }) => path === '/oauth2/token');
    expect(asked?.headers.authorization).toBe(`Basic ${Buffer.from(`deployer:${secret}`).toString('base64')}`);
    expect(asked?.body).toBe('grant_type=client_credentials');
  });

  test("comes of the stack's own user pool, whose domain holds the stack's id", async () => {
    checkout.arrange((world) => deployStack(world, { name, version: 1 }));
    checkout.program(
      'stand-in/bin/curl',
      `case "$*" in *amazoncognito.com*) echo "$@" > "$STAND_IN_HOME/token"; cat > "$STAND_IN_HOME/config"; exit 7;; esac\nPATH=\${PATH#*:} exec curl "$@"`,
    );

    const { code } = await smoke({ STAND_IN_CLIENT_SECRET: secret });

    expect(code).toBe(1);
    expect(checkout.read('stand-in/token')).toContain(
      'https://inventory-0f1e2d3c-0000-11f0-8000-0123456789ab.auth.us-east-1.amazoncognito.com/oauth2/token',
    );
    expect(checkout.read('stand-in/config')).toBe(`user = "client0of0pool:${secret}"\n`);
  });

  describe('of a stack with another issuer', () => {
    const keep = (text?: string) =>
      checkout.arrange((world) => {
        deployStack(world, { name, version: 1 });
        Object.assign(world.stacks[name] ?? {}, { resources: {} });
        if (text !== undefined) world.secrets[`${name}-smoke`] = text;
      });
    const client = () => ({ tokenUrl: `${url}/oauth2/token`, clientId: 'deployer', clientSecret: secret });

    test('comes of the client that the secret of the stack holds', async () => {
      keep(JSON.stringify({ ...client(), tokenParameters: 'audience=inventory&scope=a+b' }));

      const { code, stdout, stderr } = await smoke({});

      expect(code, stderr).toBe(0);
      const asked = requests.find(({ path }) => path === '/oauth2/token');
      expect(asked?.headers.authorization).toBe(`Basic ${Buffer.from(`deployer:${secret}`).toString('base64')}`);
      expect(asked?.body).toBe('grant_type=client_credentials&audience=inventory&scope=a+b');
      expect(requests.at(-1)?.headers.authorization).toBe(`Bearer ${token}`);
      expect(stdout + stderr).not.toContain(secret);
    });

    test('is asked for where there is no such secret', async () => {
      keep();

      const { code, stderr } = await smoke({});

      expect(code).toBe(2);
      expect(stderr).toContain(`in the secret ${name}-smoke`);
      expect(stderr).toContain('set SMOKE_TOKEN');
    });

    test.for([
      ['no JSON', 'deployer'],
      ['a client without a secret', '{"tokenUrl":"https://issuer.example.com/token","clientId":"deployer"}'],
    ] as const)('is not made of %s', async ([, text]) => {
      keep(text);

      const { code, stderr } = await smoke({});

      expect(code).toBe(2);
      expect(stderr).toContain(`the secret ${name}-smoke is not {"tokenUrl"`);
    });

    test('is asked for with parameters that are such', async () => {
      keep(JSON.stringify({ ...client(), tokenParameters: '@/etc/passwd' }));

      const { code, stderr } = await smoke({});

      expect(code).toBe(2);
      expect(stderr).toContain('name=value&name=value');
    });
  });

  test('is not guessed where AWS does not say whether there is a user pool', async () => {
    checkout.arrange((world) => {
      deployStack(world, { name, version: 1 });
      world.failures['cloudformation describe-stack-resource'] = [{ code: 'AccessDenied', message: 'Not authorized' }];
    });

    const { code, stderr } = await smoke({});

    expect(code).toBe(1);
    expect(stderr).toContain('AWS did not say whether');
  });

  test('is never printed, nor is the secret', async () => {
    answers['/v1/allocate'] = [{ status: 403, body: {} }];
    const client = { SMOKE_TOKEN_URL: `${url}/oauth2/token`, SMOKE_CLIENT_ID: 'deployer', SMOKE_CLIENT_SECRET: secret };

    const { code, stdout, stderr } = await smoke(client);

    expect(code).toBe(1);
    expect(stdout + stderr).not.toContain(token);
    expect(stdout + stderr).not.toContain(secret);
  });

  test('with a line break is refused', async () => {
    const { code } = await smoke({ SMOKE_TOKEN: `${token}"\nheader = "X-Other: 1` });

    expect(code).toBe(2);
  });
});

test('the URL and the release come from the stack', async () => {
  checkout.arrange((world) => {
    deployStack(world, { name, version: 1 });
    Object.assign(world.stacks[name]?.outputs ?? {}, { ApiUrl: `${url}/v1`, ReleaseId: release });
  });

  const { code } = await checkout.run('smoke.sh', ['stage', '--timeout', '1'], { SMOKE_TOKEN: token });

  expect(code).toBe(0);
});

test('a release that was deployed without an id calls itself local', async () => {
  answers['/v1/health'] = [
    { status: 200, body: { status: 'OK', releaseId: readSettings({ RELEASE_ID: '' }).releaseId } },
  ];
  answers['/v1/console'] = [{ status: 200, body: page('') }];
  checkout.arrange((world) => {
    deployStack(world, { name, version: 1 });
    Object.assign(world.stacks[name]?.outputs ?? {}, { ApiUrl: `${url}/v1`, ReleaseId: '' });
  });

  const { code, stderr } = await checkout.run('smoke.sh', ['stage', '--timeout', '1'], { SMOKE_TOKEN: token });

  expect(code, stderr).toBe(0);
  expect(stderr).toContain('release local');
});

test.for(['ftp://x', 'https://x/v1 --data x', 'http://elsewhere.example/v1', 'https://x/$(id)', '-o'])(
  'the URL %s is refused',
  async (wrong) => {
    expect((await smoke({ SMOKE_TOKEN: token }, '--url', wrong)).code).toBe(2);
  },
);
