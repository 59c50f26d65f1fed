import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { callAws, callJson } from '../../functions/aws/call.ts';
import { signInAsLambda } from './caller.ts';
import { type Service, startService } from './service.ts';

let service: Service;
beforeAll(async () => {
  signInAsLambda();
  service = await startService(() => ({ body: { MessageId: 'm-1' } }));
  process.env.AWS_ENDPOINT_URL_SQS = service.url;
});
afterAll(() => service.close());

let before = 0;
beforeEach(() => {
  before = service.seen.length;
});
const seen = () => service.seen.slice(before);

const send = (milliseconds = 2_000, attemptMilliseconds = 500) =>
  callJson({
    action: 'sqs:SendMessage',
    target: 'AmazonSQS',
    version: '1.0',
    deadline: Date.now() + milliseconds,
    attemptMilliseconds,
    input: { QueueUrl: 'q', MessageBody: 'hello' },
  });

it('sends a signed request of the JSON protocol and answers what came back', async () => {
  const answer = await send();

  expect(answer).toEqual({ MessageId: 'm-1' });
  expect(seen()).toMatchObject([
    {
      method: 'POST',
      path: '/',
      body: { QueueUrl: 'q', MessageBody: 'hello' },
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AmazonSQS.SendMessage',
        'x-amz-security-token': process.env.AWS_SESSION_TOKEN,
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=\w+\/\d{8}\/eu-central-1\/sqs\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$/,
        ),
      },
    },
  ]);
});

describe('what may pass is sent again', () => {
  it.each([
    ['throttled by status', { status: 429 }],
    ['throttled by name', { status: 400, body: { __type: 'com.amazon.coral.service#ThrottlingException' } }],
    ['a fault of the service', { status: 500 }],
    ['a connection that breaks', 'CUT' as const],
    ['an answer that does not come', 'SILENCE' as const],
  ])('%s', async (_, fault) => {
    service.next(fault, fault);

    const answer = await send();

    expect(answer).toEqual({ MessageId: 'm-1' });
    expect(seen()).toHaveLength(3);
  });

  it('until the deadline, which is named with the last failure', async () => {
    service.fail({ status: 503, body: { message: 'busy' } });

    await expect(send(300)).rejects.toMatchObject({ name: 'AwsError', code: 'Status503', mayPass: true });

    service.recover();
    expect(seen().length).toBeGreaterThan(1);
    service.next();
  });
});

describe('with a service of its own', () => {
  let other: Service;
  beforeAll(async () => {
    other = await startService(() => ({
      status: 400,
      body: { __type: 'com.amazonaws.sqs#AccessDenied', message: 'not you' },
    }));
  });
  afterAll(() => other.close());

  it('a refusal is told at once, and not repeated', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_SQS', other.url);

    const refusal = send();

    await expect(refusal).rejects.toThrow('sqs:SendMessage failed with AccessDenied: not you');
    await expect(refusal).rejects.toMatchObject({ code: 'AccessDenied', mayPass: false });
    expect(other.seen).toHaveLength(1);
    vi.unstubAllEnvs();
  });

  it('a redirect is not followed', async () => {
    const redirecting = await startService(() => ({ status: 307, headers: { location: other.url } }));
    vi.stubEnv('AWS_ENDPOINT_URL_SQS', redirecting.url);
    const calls = other.seen.length;

    await expect(send(200)).rejects.toMatchObject({ name: 'AwsError' });

    expect(other.seen).toHaveLength(calls);
    vi.unstubAllEnvs();
    redirecting.close();
  });
});

it.each([
  ['eu-central-1', 'https://secretsmanager.eu-central-1.amazonaws.com/'],
  ['cn-north-1', 'https://secretsmanager.cn-north-1.amazonaws.com.cn/'],
])('finds the service of the region %s', async (region, address) => {
  vi.stubEnv('AWS_REGION', region);
  const request = vi.spyOn(globalThis, 'fetch').mockResolvedValueOnce(new Response('{}'));

  await callAws({ action: 'secretsmanager:GetSecretValue', headers: {}, body: '', deadline: Date.now() + 1_000 });

  expect(String(request.mock.calls[0]?.[0])).toBe(address);
  request.mockRestore();
  vi.unstubAllEnvs();
});

it('says which variable is missing, and sends nothing', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', '');

  await expect(send()).rejects.toThrow('AWS_ACCESS_KEY_ID is missing');

  expect(seen()).toEqual([]);
  vi.unstubAllEnvs();
});
