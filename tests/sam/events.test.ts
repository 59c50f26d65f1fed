import { type Contract, contractList } from '@inventory/schemas';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { apiEvents } from '../../events/api-events.ts';
import { serviceEvents } from '../../events/service-events.ts';
import { buildPage } from '../../functions/console/page/build.ts';
import { readEventFile, type Stack, startStack } from './stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack(inject('build'));
});
afterAll(() => stack?.stop());

test('every built function has an event', () => {
  const served = new Set([...apiEvents(), ...serviceEvents].map((each) => each.function));

  expect(stack.names.filter((name) => !served.has(name))).toEqual([]);
});

describe("the migrations' custom resource, under Lambda's runtime", () => {
  test.each(['create', 'update', 'delete'])('answers CloudFormation: %s', async (occasion) => {
    const event = await readEventFile<object>(`migrate-${occasion}.json`);

    await stack.invoke('MigrateFunction', { ...event, ResponseURL: `${stack.aws.url}/answer-${occasion}` });

    const answer = stack.aws.seen.find(({ path }) => path === `/answer-${occasion}`);
    expect(answer?.body, stack.log('MigrateFunction')).toMatchObject({
      Status: 'SUCCESS',
      LogicalResourceId: 'Migrations',
    });
  });
});

test("the planner's page comes whole, and is told where to sign in", async () => {
  const event = await readEventFile<APIGatewayProxyEvent>('read-console.json');

  const { statusCode, headers, body } = await stack.ask('ConsoleFunction', {
    ...event,
    stageVariables: { ConsoleClientId: 'planners' },
  });

  const { script, style } = await buildPage();
  expect(statusCode).toBe(200);
  expect(body).toContain(`<script type="module">${script}</script>`);
  expect(body).toContain(`<style>${style}</style>`);
  expect(body).toContain('"clientId":"planners","scope":"inventory-allocation/orders:read ');
  expect(headers?.['Content-Security-Policy']).toContain(
    "connect-src 'self' https://issuer.invalid https://tokens.invalid;",
  );
});

describe("the API's functions, under Lambda's runtime, with the built layers", () => {
  const ids: Record<string, string> = {};
  const first = ['createOrders', 'receiveInventories', 'allocate'];
  const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length);
  const contracts = contractList.toSorted((a, b) => rank(a.name) - rank(b.name));

  test.each(contracts)('$name answers its event as its contract says', async (contract) => {
    const answer = await answerOf(contract);

    const body = String(answer.isBase64Encoded ? '' : answer.body);
    expect(Object.keys(contract.replies), body).toContain(String(answer.statusCode));
    keepIds(contract.name, body);
  });

  test('the orders are allocated from the lot', async () => {
    const { event } = apiEvents().find(({ file }) => file === 'read-run.json')!;

    const { body } = await stack.ask('MainFunction', withIds(event));

    expect(JSON.parse(body)).toMatchObject({ status: 'COMMITTED', totals: { allocated: '10', costAmount: '120.00' } });
  });

  async function answerOf(contract: Contract): Promise<APIGatewayProxyResult> {
    const found = apiEvents().find(
      ({ event }) => event.httpMethod === contract.method && event.resource === contract.path,
    );
    const event = await readEventFile<APIGatewayProxyEvent>(found!.file);
    return stack.ask(found!.function, withIds(event));
  }

  /** The ids that this database gave, where an event has those of the examples. */
  function withIds(event: APIGatewayProxyEvent): APIGatewayProxyEvent {
    const names = Object.keys(event.pathParameters ?? {});
    const pathParameters = Object.fromEntries(names.map((name) => [name, ids[name]]));
    const path = event.resource.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '');
    return names.length === 0 ? event : { ...event, path, pathParameters };
  }

  function keepIds(name: string, body: string): void {
    if (!first.includes(name)) return;
    const { id, runId, results } = JSON.parse(body);
    if (name === 'createOrders') ids.orderId = id;
    if (name === 'receiveInventories') ids.inventoryId = id;
    if (name === 'allocate') Object.assign(ids, { runId, resultId: results[0].id });
  }
});

describe('what other services send, under Lambda’s runtime', () => {
  test('a scheduled allocation runs', async () => {
    const answer = await stack.invoke('AllocationFunction', await readEventFile('scheduled-allocation.json'));

    expect(answer, stack.log('AllocationFunction')).toBeNull();
    expect(stack.log('AllocationFunction')).toContain('The scheduled allocation ran');
  });

  test('the hook asks the new versions, and reports once', async () => {
    await stack.invoke('PreTrafficHook', await readEventFile('pre-traffic.json'));

    const reports = stack.aws.seen.filter(({ headers }) => headers['x-amz-target']?.startsWith('CodeDeploy'));
    expect(
      reports.map(({ body }) => body.status),
      stack.log('PreTrafficHook'),
    ).toEqual(['Succeeded']);
  });

  test('a large run goes over the queue to the worker', async () => {
    const lines = Array.from({ length: 1_001 }, (_, index) => ({ sku: `L-${index}`, quantity: '1' }));
    await stack.ask('MainFunction', await request('create-orders.json', { orderNumber: 'LARGE', lines }));

    const accepted = await stack.ask('AllocationFunction', await request('allocate.json', { filter: {} }));
    const sent = stack.aws.seen.find(({ headers }) => headers['x-amz-target'] === 'AmazonSQS.SendMessage');
    const queued = await readEventFile<SQSEvent>('allocation-worker.json');
    const event = { Records: queued.Records.map((record) => ({ ...record, body: sent?.body.MessageBody })) };
    const worked = await stack.invoke('AllocationWorker', event);

    expect([accepted.statusCode, accepted.body]).toEqual([202, expect.stringContaining('PENDING')]);
    expect(worked, stack.log('AllocationWorker')).toEqual({ batchItemFailures: [] });
    const { body } = await stack.ask('MainFunction', {
      ...(await readEventFile<APIGatewayProxyEvent>('read-run.json')),
      pathParameters: { runId: JSON.parse(accepted.body).id },
    });
    expect(JSON.parse(body)).toMatchObject({ status: 'COMMITTED' });
  });

  test('the authorizer lets nobody in without a good token', async () => {
    const answer = await stack.invoke('AuthorizerFunction', await readEventFile('authorizer.json'));

    expect(answer).toMatchObject({ errorMessage: 'Unauthorized' });
  });
});

/** The event with another body, and without the key by which it would be answered as before. */
async function request(file: string, body: unknown): Promise<APIGatewayProxyEvent> {
  const event = await readEventFile<APIGatewayProxyEvent>(file);
  const headers = { 'Content-Type': 'application/json' };
  return { ...event, headers, multiValueHeaders: {}, body: JSON.stringify(body) };
}
