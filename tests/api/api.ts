import type { Emulator } from '@inventory/database/local';
import { contractList, scopes } from '@inventory/schemas';
import type { APIGatewayProxyEvent, Context as LambdaContext } from 'aws-lambda';
import { workOff } from '../../functions/allocation-worker/work.ts';
import { deliverRunsTo, processContext } from '../../functions/http/process-context.ts';
import type { Handler } from '../../functions/http/router.ts';
import { createRouter, routesOf } from '../../functions/local/route.ts';
import { startWorker } from '../../functions/local/worker.ts';
import { openTestDatabase, type TestDatabase } from '../database-fixture.ts';

export type Call = {
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** All of them unless given; null sends no token. */
  readonly scopes?: readonly string[] | null;
  readonly caller?: string;
};

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it is
  readonly body: any;
  /** The body as it was sent. */
  readonly text: string;
};

export type TestApi = {
  /** Sends a request as API Gateway would, to the function that the template gives the path to. */
  call(method: string, path: string, call?: Call): Promise<Answer>;
  readonly test: TestDatabase;
  readonly emulator: Emulator;
  close(): Promise<void>;
};

/** The deployed functions on a fresh database behind the Data API emulator; `environment` is what the stack sets. */
export async function openApi(environment: Readonly<Record<string, string>> = {}): Promise<TestApi> {
  const test = await openTestDatabase();
  const handlers = await loadHandlers({ ...environment, ...databaseEnvironment(test) });
  const stopWorker = startLargeRuns();
  return {
    test,
    emulator: test.emulator,
    close: async () => {
      await stopWorker();
      await test.close();
    },
    call: async (method, path, call = {}) => {
      const { route, pathParameters } = findRoute(path);
      const event = eventOf({ method, path, resource: route.resource, pathParameters, call });
      if (route.function === 'console') throw new Error('The page has no part in this');
      const result = await handlers[route.function](event, lambda);
      const headers = Object.fromEntries(
        Object.entries(result.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
      );
      const isJson = /json/.test(headers['content-type'] ?? '') && result.body !== '' && !result.isBase64Encoded;
      return {
        ...{ status: result.statusCode, headers, text: result.body },
        body: isJson ? JSON.parse(result.body) : result.body,
      };
    },
  };
}

const findRoute = createRouter(routesOf(contractList));

let generation = 0;

/**
 * The handlers read the environment when they are loaded, so each call loads its own; the SDK reads it at its first call,
 * so it stays as it is until the next API is opened.
 */
async function loadHandlers(environment: Readonly<Record<string, string>>): Promise<Handlers> {
  Object.assign(process.env, environment);
  generation += 1;
  const main: { handler: Handler } = await import(`../../functions/main/handler.ts?${generation}`);
  const allocation: { handler: Handler } = await import(`../../functions/allocation/handler.ts?${generation}`);
  return { main: main.handler, allocation: allocation.handler };
}

/** Large runs are worked off in the background, as the local server does it. */
function startLargeRuns(): () => Promise<void> {
  const { database, settings, newId } = processContext();
  const worker = startWorker((runId) => workOff(runId, { database, settings, newId, now: Date.now }));
  deliverRunsTo(worker.enqueue);
  return async () => {
    await worker.stop();
    await database.close();
  };
}

type Handlers = { readonly main: Handler; readonly allocation: Handler };

function databaseEnvironment({ config }: TestDatabase): Record<string, string> {
  if (config.kind === 'postgres') return { DATABASE_URL: config.url };
  return {
    AWS_ENDPOINT_URL_RDS_DATA: config.endpoint ?? '',
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    CLUSTER_ARN: config.resourceArn,
    SECRET_ARN: config.secretArn,
    DATABASE_NAME: config.database,
  };
}

const lambda: LambdaContext = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'test',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:local:000000000000:function:test',
  memoryLimitInMB: '512',
  awsRequestId: 'test',
  logGroupName: 'test',
  logStreamName: 'test',
  getRemainingTimeInMillis: () => 25_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

type Sent = {
  readonly method: string;
  readonly path: string;
  readonly resource: string;
  readonly pathParameters: Readonly<Record<string, string>> | null;
  readonly call: Call;
};

function eventOf({ method, path, resource, pathParameters, call }: Sent): APIGatewayProxyEvent {
  const { body, query = {}, headers = {}, caller = 'tester', scopes: granted = Object.keys(scopes) } = call;
  const isText = typeof body === 'string';
  const text = body === undefined ? null : isText ? body : JSON.stringify(body);
  const all = Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : [String(value)]]),
  );
  const sent: Record<string, string> = { ...(body === undefined || isText ? {} : JSON_BODY), ...headers };
  const event: Partial<APIGatewayProxyEvent> = {
    resource,
    path,
    httpMethod: method,
    headers: sent,
    multiValueHeaders: Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, [value]])),
    queryStringParameters: Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values.at(-1)])),
    multiValueQueryStringParameters: all,
    pathParameters: pathParameters && { ...pathParameters },
    body: text === null ? null : Buffer.from(text).toString('base64'),
    isBase64Encoded: text !== null,
    // What the handlers read of the request's context.
    requestContext: {
      requestId: 'test-request',
      authorizer: granted && { sub: caller, scope: granted.join(' ') },
    } as unknown as APIGatewayProxyEvent['requestContext'],
  };
  return event as APIGatewayProxyEvent;
}

const JSON_BODY = { 'Content-Type': 'application/json' };
