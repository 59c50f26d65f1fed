import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test, vi } from 'vitest';
import { startWorker } from '../../functions/local/worker.ts';

test('takes runs one after the other, in the order they came', async () => {
  const log: string[] = [];
  const worker = startWorker(async (runId) => {
    log.push(`begin ${runId}`);
    await new Promise((done) => setTimeout(done, 5));
    log.push(`end ${runId}`);
  });

  await Promise.all(['a', 'b'].map(worker.enqueue));
  await vi.waitFor(() => expect(log).toHaveLength(4));

  expect(log).toEqual(['begin a', 'end a', 'begin b', 'end b']);
});

test('does not make the caller wait', async () => {
  const worker = startWorker(() => new Promise(() => {}));

  await expect(worker.enqueue('a')).resolves.toBeUndefined();
});

test('tries a run again that fails, then leaves it and takes the next', async () => {
  const errors = vi.spyOn(console, 'error').mockReturnValue();
  const taken: string[] = [];
  const worker = startWorker(async (runId) => {
    taken.push(runId);
    if (runId === 'bad') throw new Error('no');
  });

  await Promise.all(['bad', 'good'].map(worker.enqueue));
  await vi.waitFor(() => expect(taken).toContain('good'));

  expect(taken).toEqual(['bad', 'bad', 'bad', 'good']);
  expect(errors).toHaveBeenCalledTimes(3);
  errors.mockRestore();
});

test('works outside the request that ordered the run', async () => {
  const request = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  const worker = startWorker(async () => {
    seen.push(request.getStore());
  });

  await request.run('the request', () => worker.enqueue('a'));
  await vi.waitFor(() => expect(seen).toHaveLength(1));

  expect(seen).toEqual([undefined]);
});

test('ends with the run in hand', async () => {
  const done: string[] = [];
  const worker = startWorker(async (runId) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    done.push(runId);
  });
  await Promise.all(['a', 'b', 'c'].map(worker.enqueue));

  await worker.stop();

  expect(done.length).toBeLessThanOrEqual(1);
});
