import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { handledErrors } from '../../functions/http/handled-errors.ts';
import { openApi, type TestApi } from '../api/api.ts';
import { linesOf } from './lines.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());
beforeEach(() => {
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'stack-main');
  vi.stubEnv('AWS_LAMBDA_FUNCTION_VERSION', '7');
  return () => vi.unstubAllEnvs();
});

const counted = async (work: () => Promise<unknown>) => (await linesOf(work)).filter((line) => '_aws' in line);

/** A table that is not there: nothing that the caller could act on. */
async function broken(work: () => Promise<unknown>): Promise<void> {
  const rename = (text: string) => api.test.administrator.query({ text, values: [] });
  await rename('ALTER TABLE movements RENAME TO movements_away');
  await work().finally(() => rename('ALTER TABLE movements_away RENAME TO movements'));
}

describe('a 500 that was handled', () => {
  it('is counted by the metric that the alarms of the template watch', async () => {
    let status = 0;

    const lines = await counted(() =>
      broken(async () => {
        status = (await api.call('GET', '/movements')).status;
      }),
    );

    expect(status).toBe(500);
    expect(lines).toEqual([
      {
        level: 'ERROR',
        timestamp: expect.stringMatching(/Z$/),
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: handledErrors.namespace,
              Dimensions: [['FunctionName'], ['FunctionName', 'ExecutedVersion']],
              Metrics: [{ Name: handledErrors.name, Unit: 'Count' }],
            },
          ],
        },
        FunctionName: 'stack-main',
        ExecutedVersion: '7',
        HandledErrors: 1,
      },
    ]);
  });

  it('is not counted off Lambda', async () => {
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', '');

    expect(await counted(() => broken(() => api.call('GET', '/movements')))).toEqual([]);
  });
});

it.each([
  ['a request that is put off', () => api.emulator.fail('UNAVAILABLE'), 503],
  ['a request that is refused', () => vi.stubEnv('NOTHING', ''), 404],
])('%s is not counted', async (_, prepare, status) => {
  prepare();
  const path = status === 404 ? '/nothing' : '/movements';
  let answered = 0;

  const lines = await counted(async () => {
    answered = (await api.call('GET', path)).status;
  });

  expect([answered, lines]).toEqual([status, []]);
});
