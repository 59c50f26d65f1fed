import { setTimeout as wait } from 'node:timers/promises';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { asError, logger } from '../http/logger.ts';
import { type Outcome, respond } from './respond.ts';
import { upgrade } from './upgrade.ts';

/** Nothing of the database is begun or waited for in the last seconds: they are for the answer. */
const ANSWER_MILLISECONDS = 15_000;
const LATEST_MILLISECONDS = 10_000;

/**
 * The custom resource that brings the database to this release. CloudFormation waits for one answer to its URL, so this
 * answers whatever happens, before Lambda ends it. What goes wrong with the answer itself is thrown: Lambda then calls
 * again, and everything here may be done twice.
 */
export async function handler(
  event: CloudFormationCustomResourceEvent,
  lambda: { getRemainingTimeInMillis(): number },
): Promise<void> {
  const end = Date.now() + lambda.getRemainingTimeInMillis();
  // The database outlives the stack, or is deleted with it: there is nothing to take back.
  const outcome = event.RequestType === 'Delete' ? { status: 'SUCCESS' as const } : await outcomeOf(end);
  logger.info('The database was asked for', { request: event.RequestType, outcome });
  await respond(event, outcome, end);
}

async function outcomeOf(end: number): Promise<Outcome> {
  const late = new AbortController();
  try {
    const applied = await Promise.race([
      upgrade(process.env, end - ANSWER_MILLISECONDS),
      lateness(end - LATEST_MILLISECONDS - Date.now(), late.signal),
    ]);
    return { status: 'SUCCESS', data: { Applied: applied.join(',').slice(0, 1_000) } };
  } catch (error) {
    logger.error('The database could not be brought to this release', { error: asError(error) });
    return { status: 'FAILED', reason: asError(error).message };
  } finally {
    late.abort();
  }
}

async function lateness(milliseconds: number, signal: AbortSignal): Promise<never> {
  await wait(Math.max(milliseconds, 0), undefined, { signal });
  throw new Error('The time was over before the migrations were done; what was applied stays applied');
}
