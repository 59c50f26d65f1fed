import type { Contract } from '@inventory/schemas';
import { answerOf } from './answer.ts';
import { nextCursorOf, toCsv } from './csv-export.ts';
import type { Incoming } from './incoming.ts';
import { prefers } from './negotiation.ts';
import type { Reply } from './use-case.ts';

/** What is sent, before it is compressed and made an answer of API Gateway. */
export type Response = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** A reply of a use case as it is sent: JSON, or CSV for a list where the caller prefers it. */
export function respond(contract: Contract, reply: Reply, { headers }: Incoming): Response {
  if ('body' in reply && contract.isList && prefers(headers.accept, 'text/csv', 'application/json')) {
    const cursor = nextCursorOf(reply.body);
    return {
      status: reply.status,
      headers: { 'Content-Type': 'text/csv; charset=utf-8', ...(cursor === null ? {} : { 'Next-Cursor': cursor }) },
      body: toCsv(contract, reply.body),
    };
  }
  const answer = answerOf(reply);
  return {
    status: answer.status,
    headers: {
      'Content-Type': 'application/json',
      ...answer.headers,
      ...('replay' in reply ? { 'Idempotent-Replayed': 'true' } : {}),
    },
    body: answer.body,
  };
}
