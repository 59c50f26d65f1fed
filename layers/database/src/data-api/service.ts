import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  RDSDataClient,
  RollbackTransactionCommand,
  type SqlParameter,
} from '@aws-sdk/client-rds-data';
import { hasNotRun, isTransactionGone, toAdapterError } from './errors.ts';
import { keepAnswer, type WireAnswer } from './wire.ts';

export type DataApiConfig = {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database: string;
  /** Another address of the service, for the emulator. In AWS leave it out: the SDK finds the region's own. */
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
  const client = new RDSDataClient({
    // A blind retry of the SDK may run a write twice.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 3_000, httpsAgent: { maxSockets: 200 }, httpAgent: { maxSockets: 200 } },
    ...(config.endpoint && { endpoint: config.endpoint, ...STAND_IN }),
  });
  const where = { resourceArn: config.resourceArn, secretArn: config.secretArn };
  const inDatabase = { ...where, database: config.database };

  async function send<Answer>(call: (abortSignal: AbortSignal) => Promise<Answer>): Promise<Answer> {
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
    execute: (statement: { sql: string; parameters: SqlParameter[]; transactionId?: string | undefined }) =>
      send<WireAnswer>(async (abortSignal) => {
        const command = new ExecuteStatementCommand({
          ...inDatabase,
          ...statement,
          includeResultMetadata: true,
          // A long as a JSON number loses digits beyond 2^53, a decimal as a double loses them at once.
          resultSetOptions: { longReturnType: 'STRING', decimalReturnType: 'STRING' },
        });
        const answer = keepAnswer(command);
        await client.send(command, { abortSignal });
        return answer();
      }),

    async begin(): Promise<string> {
      const answer = await send((abortSignal) => client.send(new BeginTransactionCommand(inDatabase), { abortSignal }));
      if (!answer.transactionId) throw new Error('BeginTransaction answered without a transaction id');
      return answer.transactionId;
    },

    async commit(transactionId: string): Promise<void> {
      await send((abortSignal) =>
        client.send(new CommitTransactionCommand({ ...where, transactionId }), { abortSignal }),
      );
    },

    async rollback(transactionId: string): Promise<void> {
      try {
        await withTimeout(ROLLBACK_TIMEOUT_MS, (abortSignal) =>
          client.send(new RollbackTransactionCommand({ ...where, transactionId }), { abortSignal }),
        );
      } catch (error) {
        if (!isTransactionGone(error)) throw toAdapterError(error);
      }
    },

    close: (): void => client.destroy(),
  };
}

/** A stand-in needs no account, but the SDK signs every request. */
const STAND_IN = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

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
