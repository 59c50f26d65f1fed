import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { callJson } from '../aws/call.ts';
import { requestDeadline } from '../http/deadline.ts';
import { countHandledError } from '../http/handled-errors.ts';
import { asError, logger } from '../http/logger.ts';
import { isPassing } from '../http/problem-document.ts';
import { processContext } from '../http/process-context.ts';
import { readRunMessage } from '../http/run-queue.ts';
import { RunInterrupted, workOff } from './work.ts';

const { database, settings, newId } = processContext();

/** No slice begins in the last minute: one takes a second, and at most the 40 s of the role's statement_timeout. */
const LAST_SLICE_MILLISECONDS = 60_000;
/** Calls of the database end before the function does, so that there is time to say what happened. */
const LAST_CALL_MILLISECONDS = 10_000;

/** A failed run comes again soon, or the queue would keep it, and all behind it, for its visibility timeout. */
const RETRY_SECONDS = 30;

/**
 * Works off the runs of a batch, one after the other. The first that fails and all behind it go back to the queue, which
 * keeps their order; after its last delivery the queue puts a run among the dead letters, from where it can be sent
 * again: whatever was applied stays applied, and the worker goes on behind it.
 */
export async function handler(
  { Records }: SQSEvent,
  lambda: { getRemainingTimeInMillis(): number },
): Promise<SQSBatchResponse> {
  const end = Date.now() + lambda.getRemainingTimeInMillis();
  for (const [index, record] of Records.entries()) {
    if (await isWorkedOff(record, end)) continue;
    return { batchItemFailures: Records.slice(index).map(({ messageId }) => ({ itemIdentifier: messageId })) };
  }
  return { batchItemFailures: [] };
}

async function isWorkedOff(record: SQSRecord, end: number): Promise<boolean> {
  const delivery = Number(record.attributes.ApproximateReceiveCount);
  const runId = readRunMessage(record.body);
  const about = { messageId: record.messageId, runId, delivery };
  try {
    if (runId === null) throw new Error(`The message names no run: ${record.body.slice(0, 200)}`);
    const work = { database, settings, newId, now: Date.now, stopAt: end - LAST_SLICE_MILLISECONDS };
    await requestDeadline.run(end - LAST_CALL_MILLISECONDS, () => workOff(runId, work));
    logger.info('A run was worked off', about);
    return true;
  } catch (error) {
    const isInterrupted = error instanceof RunInterrupted;
    if (isInterrupted) logger.info('A run goes on at its next delivery', about);
    else logger.error('A run could not be worked off', { ...about, error: asError(error) });
    if (!isInterrupted && !isPassing(error)) countHandledError();
    await deliverAgain(record, { seconds: isInterrupted ? 0 : RETRY_SECONDS * delivery, end });
    return false;
  }
}

async function deliverAgain(record: SQSRecord, { seconds, end }: { seconds: number; end: number }): Promise<void> {
  const { QUEUE_URL } = process.env;
  if (!QUEUE_URL) return;
  try {
    await callJson({
      action: 'sqs:ChangeMessageVisibility',
      target: 'AmazonSQS',
      version: '1.0',
      deadline: Math.min(end - 2_000, Date.now() + 3_000),
      input: { QueueUrl: QUEUE_URL, ReceiptHandle: record.receiptHandle, VisibilityTimeout: seconds },
    });
  } catch (error) {
    // It comes again all the same, when the queue's own visibility timeout is over.
    logger.warn('A run comes again late', { messageId: record.messageId, error: asError(error) });
  }
}
