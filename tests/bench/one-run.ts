// A process of its own that asks for a run and works it off, as the functions do, in each database that it is told of. So
// its memory is that of the worker, and neither the database's nor the emulator's.
import { connect, type Database, type DatabaseConfig } from '@inventory/database';
import { AllocationRequest } from '@inventory/schemas';
import { allocate } from '../../functions/allocation/allocate.ts';
import { workOff } from '../../functions/allocation-worker/work.ts';
import { newId } from '../../functions/http/new-id.ts';
import type { Settings } from '../../functions/http/use-case.ts';
import { NOW } from './dataset.ts';

export type OneRun = {
  readonly runId: string;
  readonly milliseconds: number;
  /** Of the process since it began. */
  readonly peakBytes: number;
};

const settings: Settings = {
  releaseId: 'bench',
  currency: { code: 'USD', digits: 2 },
  timeZone: 'UTC',
  allowedCosts: ['LOT', 'MOVING_AVERAGE', 'TOTAL_AVERAGE'],
  idempotencyKeyRequired: false,
};

process.on('message', async (config: DatabaseConfig) => {
  const database = connect(config, { deadline: () => Date.now() + 600_000 });
  await database.query({ text: 'SELECT 1 AS warm', values: [] });
  const began = performance.now();
  const runId = await commit(database);
  const milliseconds = performance.now() - began;
  await database.close();
  process.send?.({ runId, milliseconds, peakBytes: process.resourceUsage().maxRSS * 1024 } satisfies OneRun);
});

/** The request as the function gets it, and the worker in the same process, as locally. */
async function commit(database: Database): Promise<string> {
  const work = { database, settings, newId, now: () => Date.parse(NOW) };
  let worked: Promise<void> | undefined;
  let large = '';
  const reply = await allocate(
    {
      params: {},
      query: {},
      body: AllocationRequest.parse({ filter: {} }),
      page: null,
      caller: 'bench',
      idempotency: null,
      now: NOW,
      deadline: Date.now() + 600_000,
    },
    {
      ...work,
      enqueueRun: async (id) => {
        large = id;
        worked = workOff(id, work);
      },
    },
  );
  await worked;
  if ('replay' in reply || !(reply.status === 202 || reply.status === 201)) throw new Error('The run was refused');
  return large || (reply.body as { runId: string }).runId;
}
