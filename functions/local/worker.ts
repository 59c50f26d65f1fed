import { AsyncLocalStorage } from 'node:async_hooks';

export type Worker = {
  /** Puts a stored run at the end of the queue. */
  readonly enqueue: (runId: string) => Promise<void>;
  /** Takes nothing more from the queue; answers when the run in hand is done. */
  readonly stop: () => Promise<void>;
};

/**
 * What the SQS FIFO queue and its one worker function are in AWS: takes runs one after the other, in the background of
 * this process. A run that fails is tried `attempts` times and then left, as the queue's dead letter would be.
 */
export function startWorker(workOff: (runId: string) => Promise<void>, { attempts = 3 } = {}): Worker {
  // A run is no part of the request that ordered it: it must not end with that request's deadline.
  const ownContext = AsyncLocalStorage.snapshot();
  let line: Promise<void> = Promise.resolve();
  let stopped = false;

  const take = async (runId: string) => {
    for (let attempt = 1; attempt <= attempts && !stopped; attempt++) {
      try {
        return await workOff(runId);
      } catch (error) {
        if (!stopped) console.error(`Run ${runId}, attempt ${attempt} of ${attempts}:`, error);
      }
    }
  };

  return {
    enqueue: async (runId) => {
      line = line.then(() => ownContext(take, runId));
    },
    stop: async () => {
      stopped = true;
      await line;
    },
  };
}
