import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { connect, type Database } from '@inventory/database';
import { createDatabase, dropDatabase, startEmulator } from '@inventory/database/local';
import { inject } from 'vitest';
import { APPLICATION_ROLE, dataApiConfig } from '../../database-fixture.ts';
import type { Release } from './release.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test asserts what it is
export type Answer = { readonly status: number; readonly body: any };

/** One release's functions, as the gateway calls them. */
export type Functions = {
  call(method: string, path: string, call?: { readonly body?: object; readonly key?: string }): Promise<Answer>;
};

/** A database that releases come and go on. */
export type Deployment = {
  /** Loads the functions of a release; several may serve at once, as while traffic shifts. */
  deploy(release: Release): Promise<Functions>;
  /** With the rights of migrations. */
  readonly administrator: Database;
  /** With the rights of the functions. */
  readonly application: Database;
  close(): Promise<void>;
};

/** An empty database behind the Data API emulator. */
export async function openDeployment(): Promise<Deployment> {
  const name = `drill_${randomUUID().replaceAll('-', '')}`;
  const url = await createDatabase(inject('postgresUrl'), name);
  const asApplication = new URL(url);
  asApplication.username = APPLICATION_ROLE;
  const administrator = connect({ kind: 'postgres', url });
  const application = connect({ kind: 'postgres', url: asApplication.href });
  const emulator = await startEmulator({ connectionString: asApplication.href });
  const { resourceArn, secretArn, database } = dataApiConfig(emulator.url);
  Object.assign(process.env, {
    POWERTOOLS_LOG_LEVEL: 'SILENT', // one drill breaks on purpose
    AWS_ENDPOINT_URL_RDS_DATA: emulator.url,
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    CLUSTER_ARN: resourceArn,
    SECRET_ARN: secretArn,
    DATABASE_NAME: database,
  });
  return {
    deploy: load,
    administrator,
    application,
    close: async () => {
      await application.close();
      await administrator.close();
      await emulator.close();
      await dropDatabase(inject('postgresUrl'), name);
    },
  };
}

type Handler = (event: object, lambda: object) => Promise<{ statusCode: number; body: string }>;

let generation = 0;

/** Through the handlers and the environment alone: of an older release nothing else is known here. */
async function load({ folder }: Release): Promise<Functions> {
  generation += 1;
  const [main, allocation] = await Promise.all(
    ['main', 'allocation'].map(async (name): Promise<Handler> => {
      const file = pathToFileURL(join(folder, 'functions', name, 'handler.ts'));
      return (await import(`${file.href}?drill=${generation}`)).handler;
    }),
  );
  return {
    call: async (method, path, { body, key } = {}) => {
      const handler = path.startsWith('/allocate') ? allocation : main;
      const answer = await handler!(eventOf({ method, path, body, key }), LAMBDA);
      return { status: answer.statusCode, body: JSON.parse(answer.body) };
    },
  };
}

type Sent = {
  readonly method: string;
  readonly path: string;
  readonly body: object | undefined;
  readonly key: string | undefined;
};

function eventOf({ method, path, body, key }: Sent): object {
  const [pathname = '', search = ''] = path.split('?');
  const headers = { 'Content-Type': 'application/json', ...(key && { 'Idempotency-Key': key }) };
  const query = Object.fromEntries(new URLSearchParams(search));
  return {
    ...resourceOf(pathname),
    path: pathname,
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: query,
    multiValueQueryStringParameters: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]])),
    body: body ? JSON.stringify(body) : null,
    isBase64Encoded: false,
    requestContext: { requestId: 'drill', authorizer: { sub: 'drill', scope: SCOPES } },
  };
}

/** Every id of the API is the second part of its path. */
function resourceOf(pathname: string) {
  const [, noun = '', id, ...rest] = pathname.split('/');
  const parameter = PARAMETERS[noun];
  if (!parameter || !id) return { resource: pathname, pathParameters: null };
  return { resource: ['', noun, `{${parameter}}`, ...rest].join('/'), pathParameters: { [parameter]: id } };
}

const PARAMETERS: Readonly<Record<string, string>> = {
  orders: 'orderId',
  inventories: 'inventoryId',
  'allocation-results': 'resultId',
  'allocation-runs': 'runId',
};

const SCOPES = 'orders:read orders:write inventory:read inventory:write allocate:run allocate:simulate ship';

const LAMBDA = {
  functionName: 'drill',
  functionVersion: '1',
  awsRequestId: 'drill',
  memoryLimitInMB: '1769',
  getRemainingTimeInMillis: () => 25_000,
};
