import { findRun, listRuns as listStored } from '@inventory/database';
import { DomainError } from '@inventory/models';
import { type contracts, runReply, runSummaryReply } from '@inventory/schemas';
import { pageReply } from '../http/page.ts';
import type { UseCase } from '../http/use-case.ts';

/** One run with its shortages and explanation; of a large one also how far it is. */
export const readRun: UseCase<typeof contracts.readRun> = async ({ params }, { database, settings }) => {
  const run = await findRun(database, params.runId);
  if (!run) throw new DomainError('NOT_FOUND', `There is no allocation run ${params.runId}`);
  return { status: 200, body: runReply(run, settings.currency) };
};

/** Runs, newest first. */
export const listRuns: UseCase<typeof contracts.listRuns> = async ({ page }, { database, settings }) => ({
  status: 200,
  body: pageReply(page, await listStored(database, page), (run) => runSummaryReply(run, settings.currency)),
});
