import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { badRequest, ServiceException, toServiceException } from './exceptions.ts';
import { type Call, type Fault, type FaultRule, faultQueue } from './faults.ts';
import { LIMITS, type Limits } from './limits.ts';
import { OPERATION_BY_PATH, type Operation, operations, type Request } from './operations.ts';
import { openSessions } from './sessions.ts';
import { checkSignature, type Signatory } from './signature.ts';
import { typeNames } from './types.ts';

export type EmulatorOptions = {
  /** The emulator logs in as the role of this URL, as the service does as the one of its secret. */
  readonly connectionString: string;
  /** 127.0.0.1 where it is left out; a container needs the bridge's address. */
  readonly host?: string;
  readonly port?: number;
  /** Milliseconds that each call takes on its way, half of them before and half after the statement. */
  readonly latencyMs?: number;
  /** How many calls and transactions run at once; further ones wait. */
  readonly maxConnections?: number;
  readonly limits?: Partial<Limits>;
  /** Whose signature every call must bear; without it none is looked at. */
  readonly signatory?: Signatory;
  /** Asked for each call, for tests with faults at random. */
  readonly faults?: (call: Call) => Fault | undefined;
};

export type EmulatorStats = {
  calls: number;
  byOperation: Record<Operation, number>;
  largestSqlCharacters: number;
  largestRequestBytes: number;
  largestAnswerBytes: number;
};

export type Emulator = {
  readonly url: string;
  /** Counted since the start or the last `resetStats`. */
  readonly stats: Readonly<EmulatorStats>;
  resetStats(): void;
  /** Orders a fault for the next call, or the next that `when` chooses. */
  fail(fault: Fault, rule?: FaultRule): void;
  /** The cluster pauses: the next call wakes it, and calls are refused for this long after. */
  sleep(resumeMilliseconds: number): void;
  setLatency(milliseconds: number): void;
  close(): Promise<void>;
};

/**
 * A stand-in for the RDS Data API over PostgreSQL: its limits, its binding of types, its transactions and its errors,
 * with latency and faults on demand. Not emulated: `continueAfterTimeout`, the 24 hours that
 * a transaction may last, `formatRecordsAs: JSON`, `generatedFields`.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const limits = { ...LIMITS, ...options.limits };
  const sessions = openSessions({
    connectionString: options.connectionString,
    maxConnections: options.maxConnections ?? 20,
    limits,
  });
  const run = operations({ sessions, types: typeNames(), limits });
  const faults = faultQueue();
  const stats = noStats();
  let latency = options.latencyMs ?? 0;
  let resumeMilliseconds: number | undefined;
  let awakeAt = 0;

  function refuseWhileAsleep(): void {
    if (resumeMilliseconds !== undefined) {
      awakeAt = Date.now() + resumeMilliseconds;
      resumeMilliseconds = undefined;
    }
    if (Date.now() < awakeAt) throw resuming();
  }

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(message, limits.requestBytes);
    if (options.signatory) checkSignature(message, body, options.signatory);
    const operation = OPERATION_BY_PATH.get(message.url ?? '');
    if (!operation) throw new ServiceException('UnknownOperationException', 404, `No operation ${message.url}`);
    const request = readRequest(body);
    count(stats, { operation, sql: request.sql ?? '', bytes: body.length });
    await pause(latency / 2);
    refuseWhileAsleep();

    const call = { operation, sql: request.sql ?? '' };
    const fault = faults.next(call) ?? options.faults?.(call);
    if (fault && fault !== 'LOST_ANSWER') return failBefore(fault, response);
    const text = await run[operation](request);
    await pause(latency / 2);
    if (fault) response.destroy();
    else {
      stats.largestAnswerBytes = Math.max(stats.largestAnswerBytes, text.length);
      reply(response, 200, {}, text);
    }
  }

  const server = createServer((message, response) => {
    answer(message, response).catch(async (error: unknown) => {
      await pause(latency / 2);
      const { name, status, message } = toServiceException(error);
      reply(response, status, { 'x-amzn-errortype': name }, JSON.stringify({ message }));
    });
  });
  // An idle connection that the server closes while the client sends would look like a lost answer.
  server.keepAliveTimeout = 0;
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;

  return {
    url: `http://${host}:${port}`,
    stats,
    resetStats: () => Object.assign(stats, noStats()),
    fail: (fault, rule) => faults.order(fault, rule),
    sleep: (milliseconds) => {
      resumeMilliseconds = milliseconds;
    },
    setLatency: (milliseconds) => {
      latency = milliseconds;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await sessions.close();
    },
  };
}

function failBefore(fault: Exclude<Fault, 'LOST_ANSWER'>, response: ServerResponse): void {
  switch (fault) {
    case 'CUT_BEFORE':
      response.destroy();
      return;
    case 'THROTTLED':
      throw new ServiceException('ThrottlingException', 429, 'Rate exceeded');
    case 'UNAVAILABLE':
      throw new ServiceException('DatabaseUnavailableException', 504, 'The writer instance is not available');
    case 'INTERNAL_ERROR':
      throw new ServiceException('InternalServerErrorException', 500, 'InternalFailure');
  }
}

const resuming = () =>
  new ServiceException(
    'DatabaseResumingException',
    400,
    'The Aurora DB instance is resuming after being auto-paused. Please wait a few seconds and try again.',
  );

async function readBody(message: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // The limit includes the headers.
  let size = message.rawHeaders.reduce((sum, text) => sum + text.length + 2, 0);
  for await (const chunk of message) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk); // the rest is read and dropped, so that the client hears the answer
  }
  if (size > limit) throw badRequest('Request entity too large');
  return Buffer.concat(chunks);
}

function readRequest(body: Buffer): Request {
  const request: Request = JSON.parse(body.toString() || '{}');
  if (!request.resourceArn) throw badRequest('resourceArn is required.');
  if (!request.secretArn) throw badRequest('secretArn is required.');
  return request;
}

function reply(response: ServerResponse, status: number, headers: Record<string, string>, text: string): void {
  const body = Buffer.from(text);
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': body.length,
      'x-amzn-requestid': randomUUID(),
      ...headers,
    })
    .end(body);
}

const noStats = (): EmulatorStats => ({
  calls: 0,
  byOperation: {
    ExecuteStatement: 0,
    BatchExecuteStatement: 0,
    BeginTransaction: 0,
    CommitTransaction: 0,
    RollbackTransaction: 0,
  },
  largestSqlCharacters: 0,
  largestRequestBytes: 0,
  largestAnswerBytes: 0,
});

function count(stats: EmulatorStats, { operation, sql, bytes }: Call & { bytes: number }): void {
  stats.calls++;
  stats.byOperation[operation]++;
  stats.largestSqlCharacters = Math.max(stats.largestSqlCharacters, sql.length);
  stats.largestRequestBytes = Math.max(stats.largestRequestBytes, bytes);
}

const pause = (milliseconds: number): Promise<unknown> | undefined =>
  milliseconds > 0 ? new Promise((resolve) => setTimeout(resolve, milliseconds)) : undefined;
