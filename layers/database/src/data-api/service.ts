import { callerOf } from './caller.ts';
import { hasNotRun, isTransactionGone, toAdapterError } from './errors.ts';
import { createTransport } from './transport.ts';
import type { WireAnswer, WireParameter } from './wire.ts';

export type DataApiConfig = {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database: string;
  /** Another address of the service, for the emulator. In AWS leave it out: the environment says it. */
  readonly endpoint?: string | undefined;
  /** When the caller gives up, epoch milliseconds. No call starts after it and one in flight is abandoned. */
  readonly deadline?: (() => number) | undefined;
};

/** The four operations of the RDS Data API that the adapter needs, with their retries and deadlines. */
export type DataApiService = ReturnType<typeof dataApiService>;

/** A sleeping cluster takes 15 s and more: retries end while there is time left to answer 503 with a Retry-After. */
const RETRIES_END_BEFORE_DEADLINE_MS = 5_000;
/** Without a deadline, a call and its retries get what a Lambda function behind the gateway has. */
const DEFAULT_BUDGET_MS = 25_000;
/** A rollback is sent even after the deadline, or the transaction would keep its locks for three minutes. */
const ROLLBACK_TIMEOUT_MS = 2_000;

export function dataApiService(config: DataApiConfig) {
  const transport = createTransport(callerOf(config.endpoint));
  const where = { resourceArn: config.resourceArn, secretArn: config.secretArn };
  const inDatabase = { ...where, database: config.database };

  async function send<Answer>(call: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const deadline = config.deadline?.() ?? Date.now() + DEFAULT_BUDGET_MS;
    for (let wait = 250; ; wait = Math.min(wait * 1.6, 3_000)) {
      const left = deadline - Date.now();
      if (left <= 0)
        throw toAdapterError(new DeadlinePassed('The time for this request is over; the call was not made'));
      try {
        return await withTimeout(left, call);
      } catch (error) {
        const canRetry = Date.now() + wait < deadline - RETRIES_END_BEFORE_DEADLINE_MS;
        if (!hasNotRun(error) || !canRetry) throw toAdapterError(error);
        await sleep(wait);
      }
    }
  }

  return {
    execute: (statement: { sql: string; parameters: WireParameter[]; transactionId?: string | undefined }) =>
      send(async (signal) => {
        const answer = await transport.send('/Execute', { ...inDatabase, ...statement, ...AS_TEXT }, signal);
        return answer as WireAnswer; // as the service describes it
      }),

    async begin(): Promise<string> {
      const answer = await send((signal) => transport.send('/BeginTransaction', inDatabase, signal));
      if (!isBegun(answer)) throw new Error('BeginTransaction answered without a transaction id');
      return answer.transactionId;
    },

    async commit(transactionId: string): Promise<void> {
      await send((signal) => transport.send('/CommitTransaction', { ...where, transactionId }, signal));
    },

    async rollback(transactionId: string): Promise<void> {
      try {
        await withTimeout(ROLLBACK_TIMEOUT_MS, (signal) =>
          transport.send('/RollbackTransaction', { ...where, transactionId }, signal),
        );
      } catch (error) {
        if (!isTransactionGone(error)) throw toAdapterError(error);
      }
    },

    close: (): void => transport.close(),
  };
}

/** A long as a JSON number loses digits beyond 2^53, a decimal as a double loses them at once. */
const AS_TEXT = {
  includeResultMetadata: true,
  resultSetOptions: { longReturnType: 'STRING', decimalReturnType: 'STRING' },
};

const isBegun = (answer: unknown): answer is { transactionId: string } =>
  typeof answer === 'object' && answer !== null && 'transactionId' in answer && Boolean(answer.transactionId);

class DeadlinePassed extends Error {
  override name = 'TimeoutError';
}

/** The timer is cleared with the call: `AbortSignal.timeout` would keep one alive for each call of the last 25 s. */
async function withTimeout<Answer>(
  milliseconds: number,
  call: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), Math.min(milliseconds, 2 ** 31 - 1));
  try {
    return await call(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
