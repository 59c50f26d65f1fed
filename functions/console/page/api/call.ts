import { bearer, session } from '../session/session.ts';
import { problemOf, unreachable } from './problem.ts';
import { countDown, secondsToWait } from './waiting.ts';

export type Query = Readonly<Record<string, string | number | null | undefined>>;

export type Call = {
  readonly query?: Query;
  /** Sent as JSON; makes the call a POST. */
  readonly body?: unknown;
  /** Sent as CSV instead. */
  readonly csv?: string;
  readonly accept?: 'application/json' | 'text/csv';
  /** Of one intention: the same on each try, so that no effect happens twice. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
};

/** How often a request that was put off (429, 503) is sent again by itself before the planner is asked. */
const TRIES = 8;

/** Calls the API, and again when it asks for that. Throws a Problem for whatever is no success. */
export async function send(path: string, call: Call = {}): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await once(path, call);
    if (response.ok) return response;
    const problem = await problemOf(response);
    if (response.status === 401) session.end();
    const isPutOff = response.status === 503 || response.status === 429;
    if (!isPutOff || attempt === TRIES) throw problem;
    await countDown(secondsToWait(response.headers.get('Retry-After')), response.status === 429, call.signal);
  }
}

/** The answer, read. */
export async function ask<Answer>(path: string, call: Call = {}): Promise<Answer> {
  return (await send(path, call)).json();
}

/** For one confirmed intention. `randomUUID` would do, but exists on secure origins only. */
export const newIdempotencyKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

async function once(path: string, { query, body, csv, accept, idempotencyKey, signal }: Call): Promise<Response> {
  const token = await bearer();
  const payload = csv ?? (body === undefined ? undefined : JSON.stringify(body));
  try {
    return await fetch(addressOf(path, query), {
      method: payload === undefined ? 'GET' : 'POST',
      headers: {
        Accept: accept ?? 'application/json',
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(payload !== undefined && { 'Content-Type': csv === undefined ? 'application/json' : 'text/csv' }),
        ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
      },
      credentials: 'omit',
      ...(payload !== undefined && { body: payload }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
}

/** Beside the page, which may lie under the stage of a gateway: `/dev/console` asks `/dev/orders`. */
function addressOf(path: string, query: Query = {}): URL {
  const address = new URL(`.${path}`, location.href);
  address.hash = '';
  address.search = '';
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') address.searchParams.set(name, String(value));
  }
  return address;
}
