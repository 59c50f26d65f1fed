import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler } from '../../functions/pre-traffic/handler.ts';
import { openApi, type TestApi } from '../api/api.ts';
import { lambdaWith, signInAsLambda } from './caller.ts';
import { linesOf } from './lines.ts';
import { type Given, type Seen, type Service, startService } from './service.ts';

const arnOf = (name: string) => `arn:aws:lambda:eu-central-1:000000000000:function:stack-${name}:7`;
const event = { DeploymentId: 'd-ABC123', LifecycleEventHookExecutionId: 'execution-1' };

let api: TestApi;
let codeDeploy: Service;
let lambdaService: Service;
/** The new versions: by their ARN, the real handlers. */
let versions: Record<string, (event: never, lambda: never) => Promise<unknown>>;
beforeAll(async () => {
  api = await openApi();
  const [main, allocation, worker] = await Promise.all([
    import('../../functions/main/handler.ts'),
    import('../../functions/allocation/handler.ts'),
    import('../../functions/allocation-worker/handler.ts'),
  ]);
  versions = {
    [arnOf('main')]: main.handler,
    [arnOf('allocation')]: allocation.handler,
    [arnOf('worker')]: worker.handler,
  };
  signInAsLambda();
});
afterAll(() => api.close());

const versionOf = ({ path }: Seen) => decodeURIComponent(path.split('/')[3] ?? '');
const invoke = async (request: Seen): Promise<Given> => ({
  body: await versions[versionOf(request)]?.(request.body as never, lambdaWith(5.2) as never),
});

beforeEach(async () => {
  codeDeploy = await startService();
  lambdaService = await startService(invoke);
  vi.stubEnv('AWS_ENDPOINT_URL_CODEDEPLOY', codeDeploy.url);
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', lambdaService.url);
  for (const name of ['main', 'allocation', 'worker']) vi.stubEnv(`${name.toUpperCase()}_VERSION`, arnOf(name));
  return () => {
    vi.unstubAllEnvs();
    codeDeploy.close();
    lambdaService.close();
  };
});

const reports = () => codeDeploy.seen.map(({ body }) => body);
const report = (status: 'Succeeded' | 'Failed') => ({
  deploymentId: 'd-ABC123',
  lifecycleEventHookExecutionId: 'execution-1',
  status,
});

it('asks each new version once and tells CodeDeploy that traffic may go there', async () => {
  await handler(event, lambdaWith(120));

  expect(reports()).toEqual([report('Succeeded')]);
  expect(lambdaService.seen.map(versionOf)).toEqual([arnOf('main'), arnOf('allocation'), arnOf('worker')]);
  expect(lambdaService.seen[0]?.path).toBe(`/2015-03-31/functions/${encodeURIComponent(arnOf('main'))}/invocations`);
  expect(codeDeploy.seen[0]?.headers).toMatchObject({
    'x-amz-target': 'CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus',
    authorization: expect.stringContaining('/codedeploy/aws4_request'),
  });
});

it('changes nothing', async () => {
  const runs = async () => (await api.call('GET', '/allocation-runs')).body.items;
  const before = await runs();

  await handler(event, lambdaWith(120));

  expect(await runs()).toEqual(before);
});

it('waits for a cluster that wakes up', async () => {
  api.emulator.sleep(1_500);

  await handler(event, lambdaWith(120));

  expect(reports()).toEqual([report('Succeeded')]);
  expect(lambdaService.seen.length).toBeGreaterThan(3);
});

describe('a new version is not ready', () => {
  const http = (statusCode: number, body: object) => ({ body: { statusCode, body: JSON.stringify(body) } });
  const healthy = http(200, { status: 'OK' });

  it.each<[string, Given[]]>([
    ['that answers 500', [http(500, {})]],
    ['that lacks a migration', [http(200, { status: 'MIGRATIONS_PENDING' })]],
    ['that answers what is no answer', [{ body: null }]],
    ['whose dry run is refused', [healthy, http(403, { code: 'FORBIDDEN_SCOPE' })]],
    ['whose dry run stores something', [healthy, http(200, { status: 'COMMITTED' })]],
    ['whose worker fails', [healthy, http(200, { status: 'SIMULATED' }), { body: { batchItemFailures: [{}] } }]],
    [
      'that does not start',
      [{ body: { errorMessage: 'Cannot find module' }, headers: { 'x-amz-function-error': 'Unhandled' } }],
    ],
    ['that may not be asked', [{ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' } }]],
    ['that does not exist', [{ status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } }]],
  ])('%s', async (_, answers) => {
    lambdaService.next(...answers);

    const lines = await linesOf(() => handler(event, lambdaWith(120)));

    expect(reports()).toEqual([report('Failed')]);
    expect(lines).toContainEqual(expect.objectContaining({ message: 'The new version is not ready' }));
  });

  it.each<[string, Given]>([
    ['that never wakes its database', http(503, { code: 'RETRY_LATER' })],
    ['that never answers', 'SILENCE'],
    ['that cannot be reached', 'CUT'],
  ])('%s, which is told before the time is over', async (_, answer) => {
    lambdaService.fail(answer);
    const lambda = lambdaWith(11);

    await handler(event, lambda);

    expect(reports()).toEqual([report('Failed')]);
    expect(lambda.getRemainingTimeInMillis()).toBeGreaterThan(5_000);
  });
});

it('reports Failed when it does not know whom to ask', async () => {
  vi.stubEnv('WORKER_VERSION', '');

  await handler(event, lambdaWith(120));

  expect(reports()).toEqual([report('Failed')]);
});

it.each<[string, Given]>([
  ['is throttled', { status: 400, body: { __type: 'ThrottlingException' } }],
  ['breaks', 'CUT'],
])('sends a report that %s again, the same', async (_, fault) => {
  codeDeploy.next(fault);

  await handler(event, lambdaWith(120));

  expect(reports()).toEqual([report('Succeeded'), report('Succeeded')]);
});

it('fails loudly when CodeDeploy refuses the report', async () => {
  codeDeploy.next({ status: 400, body: { __type: 'InvalidLifecycleEventHookExecutionStatusException' } });

  await expect(handler(event, lambdaWith(120))).rejects.toThrow('InvalidLifecycleEventHookExecutionStatusException');
  expect(codeDeploy.seen).toHaveLength(1);
});
