import { type ContractName, type Contracts, contracts } from '@inventory/schemas';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context as LambdaContext } from 'aws-lambda';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { deliverRunsTo, processContext } from '../http/process-context.ts';
import { router } from '../http/router.ts';
import { sendRunsTo } from '../http/run-queue.ts';
import { allocate } from './allocate.ts';
import { compare } from './compare.ts';
import { isScheduled, runScheduled, type ScheduledAllocation } from './schedule.ts';

const endpoints = {
  allocate: endpoint(contracts.allocate, allocate),
  compare: endpoint(contracts.compare, compare),
} satisfies { [Name in ContractName<'allocation'>]: Endpoint<Contracts[Name]> };

// On a laptop there is no queue: the local server says who works off large runs.
const { QUEUE_URL } = process.env;
if (QUEUE_URL) deliverRunsTo(sendRunsTo(QUEUE_URL));

const context = processContext();
const answer = router(Object.values(endpoints), context);

export function handler(event: ScheduledAllocation, lambda: LambdaContext): Promise<undefined>;
export function handler(event: APIGatewayProxyEvent, lambda: LambdaContext): Promise<APIGatewayProxyResult>;
/** Requests of the API, and the one that a schedule has stored. */
export async function handler(
  event: APIGatewayProxyEvent | ScheduledAllocation,
  lambda: LambdaContext,
): Promise<APIGatewayProxyResult | undefined> {
  if (isScheduled(event)) return runScheduled(event, lambda, { allocate: endpoints.allocate, context });
  return answer(event, lambda);
}
