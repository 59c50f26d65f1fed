import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { deliverRunsTo } from '../../functions/http/process-context.ts';
import { sendRunsTo } from '../../functions/http/run-queue.ts';
import { openApi, type TestApi } from '../api/api.ts';
import { signInAsLambda } from './caller.ts';
import { allocateAll, postLargeRun } from './large-run.ts';
import { linesOf } from './lines.ts';
import { type Service, startService } from './service.ts';

let api: TestApi;
let queue: Service;
beforeAll(async () => {
  api = await openApi();
  signInAsLambda();
  queue = await startService(() => ({ body: { MessageId: 'm-1' } }));
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', queue.url);
  deliverRunsTo(sendRunsTo(`${queue.url}/runs.fifo`, { longestMilliseconds: 500 }));
});
afterAll(async () => {
  queue.close();
  await api.close();
});

const messages = () => queue.seen.map(({ body }) => body);
const runsOf = async () => (await api.call('GET', '/allocation-runs')).body.items;

it('a large run is one message of its own group position, known by the id of the run', async () => {
  const run = await postLargeRun(api, 'QUEUED');

  expect(run).toMatchObject({ status: 202, body: { status: 'PENDING' } });
  expect(messages()).toEqual([
    {
      QueueUrl: `${queue.url}/runs.fifo`,
      MessageBody: JSON.stringify({ runId: run.body.id }),
      MessageGroupId: 'allocation-runs',
      MessageDeduplicationId: run.body.id,
    },
  ]);
});

describe('when the queue does not take the message', () => {
  it('the caller hears 503, and the same key hands the same run on', async () => {
    const before = queue.seen.length;
    queue.fail({ status: 500 });
    const headers = { 'Idempotency-Key': 'LOST' };

    const first = await postLargeRun(api, 'LOST', headers);
    const tried = messages().slice(before);
    queue.recover();
    const second = await api.call('POST', '/allocate', { body: { filter: { customerId: 'LOST' } }, headers });

    expect(first).toMatchObject({ status: 503, body: { code: 'RETRY_LATER' } });
    expect(first.headers['retry-after']).toMatch(/^\d+$/);
    expect(tried.length).toBeGreaterThan(1);
    expect(second.status).toBe(202);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(messages().slice(before + tried.length)).toEqual([tried[0]]);
    expect(JSON.parse(tried[0].MessageBody)).toEqual({ runId: second.body.id });
  });

  it('the log names the run', async () => {
    queue.fail('CUT');

    const lines = await linesOf(() => allocateAll(api, 'QUEUED'));
    queue.recover();

    const [run] = await runsOf();
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        message: 'A stored run could not be put on the queue',
        runId: run.id,
      }),
    );
  });

  it('for want of a right, it is a 500 that an alarm counts: waiting does not help', async () => {
    const before = queue.seen.length;
    queue.next({ status: 400, body: { __type: 'com.amazonaws.sqs#AccessDenied' } });

    const answer = await allocateAll(api, 'QUEUED', { 'Idempotency-Key': 'DENIED' });

    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/sqs|AccessDenied/);
    expect(queue.seen.length - before).toBe(1);
  });
});
