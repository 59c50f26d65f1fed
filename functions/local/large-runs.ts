import { setTimeout as wait } from 'node:timers/promises';
import { unfinishedRuns } from '@inventory/database';
import { workOff } from '../allocation-worker/work.ts';
import { deliverRunsTo, processContext } from '../http/process-context.ts';
import type { Ending } from './ending.ts';
import { startWorker } from './worker.ts';

/** How long the end of the process waits for a run in hand. The next start takes up what is not finished. */
const patienceMilliseconds = 2_000;

/** Works off large runs in the background of this process, those first that an earlier process left. */
export function workOffLargeRuns(ending: Ending): void {
  const { database, settings, newId } = processContext();
  const worker = startWorker((runId) => workOff(runId, { database, settings, newId, now: Date.now }));
  ending.before(() => Promise.race([worker.stop(), wait(patienceMilliseconds)]));

  deliverRunsTo(worker.enqueue);
  unfinishedRuns(database).then(
    (left) => left.forEach(worker.enqueue),
    (error) => console.error('Unfinished runs could not be found:', error),
  );
}
