import { DomainError } from '@inventory/models';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

// What API Gateway answers by itself, in the form of the functions' own problems. Their code is loaded with the first
// of them: a start need not wait for it.

/** 401, with the challenge of RFC 6750. */
export async function unauthenticated(event: APIGatewayProxyEvent, challenge: string): Promise<APIGatewayProxyResult> {
  const [{ readEvent }, { problemDocument }, { send }] = await shell();
  const incoming = readEvent(event, {});
  const error = new DomainError('UNAUTHENTICATED', 'Send a valid token as Authorization: Bearer …');
  const problem = await problemDocument(error, incoming);
  return send({ ...problem, headers: { ...problem.headers, 'WWW-Authenticate': challenge } }, incoming);
}

/** A function that threw instead of answering: logged, and told as a bare 500. */
export async function failed(event: APIGatewayProxyEvent, error: unknown): Promise<APIGatewayProxyResult> {
  const [{ readEvent }, { problemDocument }, { send }] = await shell();
  const incoming = readEvent(event, {});
  return send(await problemDocument(error, incoming), incoming);
}

const shell = () =>
  Promise.all([import('../http/incoming.ts'), import('../http/problem-document.ts'), import('../http/send.ts')]);
