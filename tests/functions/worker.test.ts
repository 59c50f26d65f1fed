import { randomUUID } from 'node:crypto';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunInterrupted, workOff } from '../../functions/allocation-worker/work.ts';
import { deliverRunsTo, processContext } from '../../functions/http/process-context.ts';
import { openApi, type TestApi } from '../api/api.ts';
import { lambdaWith, signInAsLambda } from './caller.ts';
import { committed, postLargeRun } from './large-run.ts';
import { linesOf } from './lines.ts';
import { type Service, startService } from './service.ts';

let api: TestApi;
let queue: Service;
let handler: typeof import('../../functions/allocation-worker/handler.ts').handler;
beforeAll(async () => {
  api = await openApi();
  queue = await startService();
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', queue.url);
  vi.stubEnv('QUEUE_URL', `${queue.url}/runs.fifo`);
  signInAsLambda();
  deliverRunsTo(async () => {}); // the queue is the test's
  ({ handler } = await import('../../functions/allocation-worker/handler.ts'));
});
afterAll(async () => {
  queue.close();
  await api.close();
});

let before = 0;
beforeEach(() => {
  before = queue.seen.length;
});
/** How long the queue was asked to wait before it delivers again. */
const visibilities = () => queue.seen.slice(before).map(({ body }) => body.VisibilityTimeout);

const record = (body: string, delivery = 1): SQSRecord => ({
  messageId: randomUUID(),
  receiptHandle: `handle of ${body}`,
  body,
  attributes: {
    ApproximateReceiveCount: String(delivery),
    SentTimestamp: '1795651200000',
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: '1795651200001',
    MessageGroupId: 'allocation-runs',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:runs.fifo',
  awsRegion: 'eu-central-1',
});
const messageOf = (runId: string, delivery?: number) => record(JSON.stringify({ runId }), delivery);
const event = (...Records: SQSRecord[]): SQSEvent => ({ Records });
const done: SQSBatchResponse = { batchItemFailures: [] };
const left = (...records: SQSRecord[]): SQSBatchResponse => ({
  batchItemFailures: records.map(({ messageId }) => ({ itemIdentifier: messageId })),
});

async function stored(name: string): Promise<string> {
  const { body } = await postLargeRun(api, name);
  return body.id;
}
const runOf = async (id: string) => (await api.call('GET', `/allocation-runs/${id}`)).body;
const differences = async () => (await api.call('GET', '/integrity')).body.differences;

it('works off the run of its message', async () => {
  const runId = await stored('ONE');

  const answer = await handler(event(messageOf(runId)), lambdaWith(900));

  expect(answer).toEqual(done);
  expect(await runOf(runId)).toMatchObject(committed);
  expect(visibilities()).toEqual([]);
});

it('changes nothing at a second delivery, nor at two at the same time', async () => {
  const runId = await stored('AGAIN');

  const both = await Promise.all([1, 1].map(() => handler(event(messageOf(runId)), lambdaWith(900))));
  const once = await runOf(runId);
  const third = await handler(event(messageOf(runId, 3)), lambdaWith(900));

  expect([...both, third]).toEqual([done, done, done]);
  expect(once).toMatchObject(committed);
  expect(await runOf(runId)).toEqual(once);
  expect(await differences()).toEqual([]);
});

it('takes an empty batch, by which the hook sees that the version starts', async () => {
  expect(await handler(event(), lambdaWith(900))).toEqual(done);
});

describe('near its end', () => {
  it('begins nothing, gives the run back at once, and the next delivery goes on', async () => {
    const message = messageOf(await stored('LATE'));

    const late = await handler(event(message), lambdaWith(60));
    const asked = visibilities();
    const next = await handler(event(message), lambdaWith(900));

    expect([late, next]).toEqual([left(message), done]);
    expect(asked).toEqual([0]);
    expect(await runOf(JSON.parse(message.body).runId)).toMatchObject(committed);
  });

  it('keeps the slices that are written, and none is written twice', async () => {
    const runId = await stored('SLICES');
    const { database, settings, newId } = processContext();
    let slices = 0;
    const counting = {
      ...database,
      query: (statement: Parameters<typeof database.query>[0]) => {
        if (statement.text.includes('new_slice')) slices++;
        return database.query(statement);
      },
    };
    const work = { database: counting, settings, newId, rowsPerSlice: 300 };

    // The clock strikes when two slices are written.
    const first = workOff(runId, {
      ...work,
      now: () => Date.now() + (slices >= 2 ? 1e9 : 0),
      stopAt: Date.now() + 1e8,
    });
    await expect(first).rejects.toThrow(RunInterrupted);
    const half = await runOf(runId);
    await workOff(runId, { ...work, now: Date.now });

    expect(half).toMatchObject({ status: 'RUNNING', slicesApplied: 2 });
    const run = await runOf(runId);
    expect(run).toMatchObject({ ...committed, slicesApplied: slices, slicesTotal: slices });
    expect(await differences()).toEqual([]);
    await database.close();
  });

  it('abandons a database that does not answer in time to say so', async () => {
    const message = messageOf(await stored('SILENT'));
    api.emulator.sleep(60_000);
    const started = Date.now();

    const answer = await handler(event(message), lambdaWith(15.3));
    api.emulator.sleep(0);

    expect(answer).toEqual(left(message));
    expect(Date.now() - started).toBeLessThan(3_000);
  });
});

describe('when the database', () => {
  it('sleeps, it waits and works the run off', async () => {
    const runId = await stored('ASLEEP');
    api.emulator.sleep(300);

    const answer = await handler(event(messageOf(runId)), lambdaWith(900));

    expect(answer).toEqual(done);
    expect(await runOf(runId)).toMatchObject(committed);
  });

  it('loses an answer, the slice is found', async () => {
    const runId = await stored('LOST');
    api.emulator.fail('LOST_ANSWER', { when: ({ sql }) => sql.includes('new_slice') });

    const answer = await handler(event(messageOf(runId)), lambdaWith(900));

    expect(answer).toEqual(done);
    expect(await runOf(runId)).toMatchObject(committed);
    expect(await differences()).toEqual([]);
  });

  it('is away, the run comes again soon, later with each delivery', async () => {
    const message = messageOf(await stored('AWAY'), 2);
    api.emulator.fail('UNAVAILABLE');

    const away = await handler(event(message), lambdaWith(900));
    const asked = visibilities();
    const back = await handler(event(message), lambdaWith(900));

    expect([away, back]).toEqual([left(message), done]);
    expect(asked).toEqual([60]);
  });
});

describe('a run that always fails', () => {
  it('is given back at each delivery and logged with its id, so the dead letters are known', async () => {
    const runId = await stored('BROKEN');
    await api.test.administrator.query({
      text: `UPDATE allocation_run_documents SET data = 'broken' WHERE run_id = $1::uuid`,
      values: [runId],
    });
    const message = messageOf(runId, 5);
    let answer: unknown;

    const lines = await linesOf(async () => {
      answer = await handler(event(message), lambdaWith(900));
    });

    expect(answer).toEqual(left(message));
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        message: 'A run could not be worked off',
        runId,
        delivery: 5,
      }),
    );
    expect(await runOf(runId)).toMatchObject({ status: 'PENDING' });
  });

  it.each(['', 'hello', '{}', 'null', '{"runId":7}'])('as a message that names none: %s', async (body) => {
    const message = record(body);

    expect(await handler(event(message), lambdaWith(900))).toEqual(left(message));
  });

  it('takes those behind it back with it, since the queue keeps their order, but not those before', async () => {
    const [good, behind] = [await stored('FIRST'), await stored('BEHIND')];
    const messages = [messageOf(good), record('hello'), messageOf(behind)];

    const answer = await handler(event(...messages), lambdaWith(900));

    expect(answer).toEqual(left(...messages.slice(1)));
    expect(await runOf(good)).toMatchObject(committed);
    expect(await runOf(behind)).toMatchObject({ status: 'PENDING' });
  });

  it('is given back even when the queue does not hear how soon', async () => {
    const message = record('hello');
    queue.next({ status: 400, body: { __type: 'com.amazonaws.sqs#AccessDenied' } });

    expect(await handler(event(message), lambdaWith(900))).toEqual(left(message));
  });
});

it('a run that has ended is not begun again, and its message is done', async () => {
  const { body } = await postLargeRun(api, 'ENDED');
  await api.test.administrator.query({
    text: `UPDATE allocation_runs SET status = 'FAILED' WHERE id = $1::uuid`,
    values: [body.id],
  });

  expect(await handler(event(messageOf(body.id)), lambdaWith(900))).toEqual(done);
});
