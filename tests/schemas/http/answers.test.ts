import { DomainError, errorCodes } from '@inventory/models';
import { contracts } from '@inventory/schemas';
import { describe, expect, test } from 'vitest';
import { answerOf, entityHeaders } from '../../../functions/http/answer.ts';
import { type Endpoint, endpoint } from '../../../functions/http/endpoint.ts';
import { problems } from '../../../functions/http/problems.ts';
import { anId, anOrder } from '../given.ts';
import { json, shell } from './shell.ts';

const { createOrders, readOrder } = contracts;
const read = { method: 'GET', resource: '/orders/{orderId}', params: { orderId: anId }, scope: 'orders:read' };
const create = { method: 'POST', resource: '/orders', scope: 'orders:write', body: anOrder() };
const throwing = (error: unknown): Endpoint =>
  endpoint(readOrder, () => {
    throw error;
  });
const answering = (body: unknown) => shell([endpoint(readOrder, () => ({ status: 200, body }))]);

describe('every answer', () => {
  test('is not stored by anyone, not sniffed, told to no other site, kept to TLS, and names its request', async () => {
    const headers = {
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
      'X-Request-Id': 'r-1',
    };

    expect((await answering({})(read)).headers).toMatchObject({ ...headers, 'Content-Type': 'application/json' });
    expect((await answering({})({ ...read, scope: null })).headers).toMatchObject(headers);
  });

  test('is compressed unasked when Lambda would not hand it back as it is', async () => {
    const body = { text: '"'.repeat(1_500_000) };

    const answered = await answering(body)(read);

    expect([answered.headers['Content-Encoding'], json(answered)]).toEqual(['gzip', body]);
    expect((await answering({ text: 'x'.repeat(1_500_000) })(read)).headers['Content-Encoding']).toBeUndefined();
  });

  test.each([
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['gzip, deflate, br', 'br'],
    ['br;q=0.5, gzip;q=0.9', 'gzip'],
    ['*', 'br'],
    ['GZIP', 'gzip'],
  ])('is compressed when asked: Accept-Encoding %s', async (accepted, coding) => {
    const answered = await answering({ text: 'é' })({ ...read, headers: { 'Accept-Encoding': accepted } });

    expect(answered.headers['Content-Encoding']).toBe(coding);
    expect(answered.isBase64Encoded).toBe(true);
    expect(json(answered)).toEqual({ text: 'é' });
  });

  test.each([[''], ['identity'], ['gzip;q=0'], ['deflate']])('is plain otherwise: %j', async (accepted) => {
    const answered = await answering({ a: 1 })({ ...read, headers: { 'Accept-Encoding': accepted } });

    expect(answered).toMatchObject({ isBase64Encoded: false, text: '{"a":1}' });
    expect(answered.headers['Content-Encoding']).toBeUndefined();
  });

  test('carries where a created entity is, and its version', async () => {
    const reply = { status: 201, headers: entityHeaders({ path: '/orders/7', version: 3 }), body: { id: '7' } };
    const answered = await shell([endpoint(createOrders, () => reply)])(create);

    expect(answered.headers).toMatchObject({ Location: '/orders/7', ETag: '"3"' });
  });
});

describe('a replay', () => {
  test('has the same bytes again, and says so', async () => {
    const first = { status: 201, headers: entityHeaders({ version: 1 }), body: { b: 1, a: 'é\u2028' } };
    const stored = answerOf(first);
    const sent = await shell([endpoint(createOrders, () => first)])(create);
    const replayed = await shell([endpoint(createOrders, () => ({ replay: stored }))])(create);

    expect(replayed).toEqual({ ...sent, headers: { ...sent.headers, 'Idempotent-Replayed': 'true' } });
    expect(sent.text).toBe(stored.body);
    expect(answerOf(first)).toBe(stored);
  });
});

describe('a problem', () => {
  test('is an RFC 9457 document, with what its error brings', async () => {
    const error = new DomainError('INSUFFICIENT_STOCK', 'Only 3 are there', {
      errors: [{ pointer: '/lines/0', detail: 'is short' }],
      members: { shortages: [{ short: '7' }] },
    });
    const answered = await shell([throwing(error)])(read);

    expect(answered.headers['Content-Type']).toBe('application/problem+json');
    expect([answered.status, json(answered)]).toEqual([
      409,
      {
        type: '/docs#INSUFFICIENT_STOCK',
        title: 'There is not enough stock',
        status: 409,
        detail: 'Only 3 are there',
        instance: `/orders/${anId}`,
        code: 'INSUFFICIENT_STOCK',
        errors: [{ pointer: '/lines/0', detail: 'is short' }],
        shortages: [{ short: '7' }],
      },
    ]);
  });

  test.each(errorCodes)('%s has its status', async (code) => {
    const answered = await shell([throwing(new DomainError(code, 'Why'))])(read);

    expect(answered.status).toBe(problems[code].status);
    expect(json(answered)).toMatchObject({ code, status: problems[code].status, detail: 'Why' });
    expect('Retry-After' in answered.headers).toBe(code === 'RATE_LIMITED' || code === 'RETRY_LATER');
  });

  test.each([
    new TypeError("Cannot read properties of undefined (reading 'secret')"),
    Object.assign(new Error('relation "orders" does not exist'), { name: 'DatabaseError', kind: 'OTHER' }),
    'a text',
    null,
  ])('of an unknown kind is a bare 500: %s', async (error) => {
    const answered = await shell([throwing(error)])(read);

    expect([answered.status, json(answered)]).toEqual([
      500,
      { type: 'about:blank', title: 'Internal server error', status: 500, instance: `/orders/${anId}` },
    ]);
  });

  test.each([
    ['UNAVAILABLE', '15'],
    ['TIMEOUT', '1'],
    ['WRITE_CONFLICT', '1'],
  ])('of a database that is %s passes', async (kind, seconds) => {
    const error = Object.assign(new Error('arn:aws:rds:eu-1:1:cluster:x'), { name: 'DatabaseError', kind });
    const answered = await shell([throwing(error)])(read);

    expect(answered).toMatchObject({ status: 503, headers: { 'Retry-After': seconds } });
    expect(json(answered).code).toBe('RETRY_LATER');
    expect(answered.text).not.toContain('arn:');
  });

  test('is compressed and bare for HEAD like any answer', async () => {
    const send = shell([throwing(new DomainError('NOT_FOUND', 'No such order'))]);

    expect(json(await send({ ...read, headers: { 'accept-encoding': 'gzip' } })).code).toBe('NOT_FOUND');
    expect(await send({ ...read, method: 'HEAD' })).toMatchObject({ status: 404, text: '' });
  });

  test('comes before Lambda ends the function', async () => {
    const slow = endpoint(readOrder, async () => {
      await new Promise((resolve) => setTimeout(resolve, 500).unref());
      return { status: 200, body: {} };
    });
    const answered = await shell([slow], {}, () => 300)(read);

    expect(answered.status).toBe(503);
    expect(json(answered).code).toBe('RETRY_LATER');
  });
});
