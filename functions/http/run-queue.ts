import { DomainError } from '@inventory/models';
import { AwsError, callJson } from '../aws/call.ts';
import { requestDeadline } from './deadline.ts';
import { asError, logger } from './logger.ts';

/** The id of the run that a message is about; null where it names none. */
export function readRunMessage(body: string): string | null {
  try {
    const { runId }: Partial<RunMessage> = Object(JSON.parse(body));
    return typeof runId === 'string' ? runId : null;
  } catch {
    return null;
  }
}

type RunMessage = { readonly runId: string };

/** One group: the runs are worked off one after the other, so that none plans with what another is about to take. */
const GROUP = 'allocation-runs';

/** Time to say 503 when the queue does not answer. */
const RESERVE_MILLISECONDS = 1_000;
const LONGEST_MILLISECONDS = 10_000;

type Patience = { readonly longestMilliseconds?: number };

/**
 * Puts runs on the SQS FIFO queue. Safe to repeat: the queue drops a second message about a run for five minutes, and
 * the worker finds a finished run finished. Throws RETRY_LATER when the queue does not take the message; the run is
 * stored then, and a request with the same Idempotency-Key sends it again.
 */
export const sendRunsTo =
  (queueUrl: string, { longestMilliseconds = LONGEST_MILLISECONDS }: Patience = {}) =>
  async (runId: string): Promise<void> => {
    const message: RunMessage = { runId };
    const limit = (requestDeadline.getStore() ?? Number.POSITIVE_INFINITY) - RESERVE_MILLISECONDS;
    try {
      await callJson({
        action: 'sqs:SendMessage',
        target: 'AmazonSQS',
        version: '1.0',
        deadline: Math.min(limit, Date.now() + longestMilliseconds),
        input: {
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify(message),
          MessageGroupId: GROUP,
          MessageDeduplicationId: runId,
        },
      });
    } catch (error) {
      logger.error('A stored run could not be put on the queue', { runId, error: asError(error) });
      if (!(error instanceof AwsError) || !error.mayPass) throw error;
      throw new DomainError('RETRY_LATER', 'The run could not be handed on; send the request again with the same key');
    }
  };
