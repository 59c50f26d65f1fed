import { contracts } from '@inventory/schemas';
import type { Context as LambdaContext } from 'aws-lambda';
import { requestDeadline } from '../http/deadline.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { asError, logger } from '../http/logger.ts';
import type { Response } from '../http/response.ts';
import type { Context } from '../http/use-case.ts';

/** What EventBridge Scheduler sends at the times of `AllocationSchedule`. */
export type ScheduledAllocation = {
  readonly source: 'inventory.schedule';
  /** The body of a POST /allocate. */
  readonly request: unknown;
  /** `<aws.scheduler.scheduled-time>`: a second delivery of the same time changes nothing. */
  readonly idempotencyKey?: string;
};

export const isScheduled = (event: object): event is ScheduledAllocation =>
  'source' in event && event.source === 'inventory.schedule';

/** Who the ledger says it was. */
const ACTOR = 'schedule';

/** Time to log what happened before Lambda ends the function. */
const EARLY_MILLISECONDS = 1_000;

/**
 * Runs a stored request as if it had been posted: the same checks, the same use case, the same key for a second delivery.
 * Throws what refused it, so that Lambda counts an error and the alarm tells somebody.
 */
export async function runScheduled(
  { request, idempotencyKey }: ScheduledAllocation,
  lambda: Pick<LambdaContext, 'awsRequestId' | 'getRemainingTimeInMillis'>,
  { allocate, context }: { allocate: Endpoint<typeof contracts.allocate>; context: Context },
): Promise<undefined> {
  const deadline = Date.now() + lambda.getRemainingTimeInMillis() - EARLY_MILLISECONDS;
  const key = idempotencyKey ?? lambda.awsRequestId;
  const { method, path } = contracts.allocate;
  const incoming = {
    ...{ method, resource: path, path, params: {}, query: {}, stageVariables: {}, deadline },
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    bytes: Buffer.from(JSON.stringify(request ?? null)),
    claims: { sub: ACTOR, scope: 'allocate:run' },
    requestId: lambda.awsRequestId,
  };
  try {
    const response = await requestDeadline.run(deadline, () => allocate.answer(incoming, context));
    logger.info('The scheduled allocation ran', { key, ...summaryOf(response) });
  } catch (error) {
    logger.error('The scheduled allocation was refused', { key, error: asError(error) });
    throw error;
  }
}

function summaryOf({ status, headers, body }: Response): object {
  if ('Idempotent-Replayed' in headers) return { status, replayed: true };
  return { status, totals: JSON.parse(body).totals };
}
