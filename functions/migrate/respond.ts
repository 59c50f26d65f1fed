import { setTimeout as wait } from 'node:timers/promises';
import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda';

export type Outcome =
  | { readonly status: 'SUCCESS'; readonly data?: Readonly<Record<string, string>> }
  | { readonly status: 'FAILED'; readonly reason: string };

/** The same for ever: another one would make CloudFormation delete the old. */
const PHYSICAL_ID = 'inventory-allocation-schema';

/** An answer has at most 4,096 bytes. */
const LONGEST_REASON = 1_000;

const ATTEMPT_MILLISECONDS = 5_000;

/** Puts the answer where CloudFormation waits for it, until it is taken or the time is over. Throws then. */
export async function respond(event: CloudFormationCustomResourceEvent, outcome: Outcome, end: number): Promise<void> {
  const body = JSON.stringify(responseOf(event, outcome));
  for (let pause = 200; ; pause *= 2) {
    const failure = await put(event.ResponseURL, body);
    if (failure === null) return;
    if (Date.now() + pause + ATTEMPT_MILLISECONDS > end) throw failure;
    await wait(pause);
  }
}

function responseOf(event: CloudFormationCustomResourceEvent, outcome: Outcome): CloudFormationCustomResourceResponse {
  const { StackId, RequestId, LogicalResourceId } = event;
  const PhysicalResourceId = 'PhysicalResourceId' in event ? event.PhysicalResourceId : PHYSICAL_ID;
  const about = { StackId, RequestId, LogicalResourceId, PhysicalResourceId };
  if (outcome.status === 'SUCCESS') return { ...about, Status: 'SUCCESS', Data: { ...outcome.data } };
  const logGroup = process.env.AWS_LAMBDA_LOG_GROUP_NAME ?? 'the log of the function';
  return { ...about, Status: 'FAILED', Reason: `${outcome.reason.slice(0, LONGEST_REASON)} (see ${logGroup})` };
}

/** Null when it was taken. The address is signed for an answer without a content type. */
async function put(url: string, body: string): Promise<Error | null> {
  try {
    const signal = AbortSignal.timeout(ATTEMPT_MILLISECONDS);
    const { ok, status } = await fetch(url, { method: 'PUT', headers: { 'content-type': '' }, body, signal });
    return ok ? null : new Error(`CloudFormation's address answered ${status}`);
  } catch (error) {
    return new Error("CloudFormation's address did not answer", { cause: error });
  }
}
