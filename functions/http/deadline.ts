import { AsyncLocalStorage } from 'node:async_hooks';

/** The deadline of the request in hand: calls of the database, and their retries, end before it. */
export const requestDeadline = new AsyncLocalStorage<number>();
