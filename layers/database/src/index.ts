export type { Answer, Idempotency } from './idempotency.ts';
