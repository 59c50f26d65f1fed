import { connect, readDatabaseConfig } from '@inventory/database';
import { readSettings } from '@inventory/schemas';
import { requestDeadline } from './deadline.ts';
import { newId } from './new-id.ts';
import type { Context } from './use-case.ts';

/** Takes stored runs to whoever works them off. */
type DeliverRun = (runId: string) => Promise<void>;

let deliverRun: DeliverRun = async (runId) => {
  throw new Error(`Nothing works off large runs here: run ${runId} stays PENDING`);
};

/** Says who works off large runs. */
export function deliverRunsTo(deliver: DeliverRun): void {
  deliverRun = deliver;
}

/** What the use cases of this process work with; reads the environment once, and opens no connection yet. */
export function processContext(): Context {
  const deadline = () => requestDeadline.getStore() ?? Number.POSITIVE_INFINITY;
  return {
    database: connect(readDatabaseConfig(process.env), { deadline }),
    settings: readSettings(process.env),
    enqueueRun: (runId) => deliverRun(runId),
    newId,
  };
}
