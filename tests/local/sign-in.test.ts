import { createHash, randomBytes } from 'node:crypto';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { decodeJwt, exportJWK, generateKeyPair } from 'jose';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { SigningKey } from '../../functions/local/issuer.ts';
import { createSignIn } from '../../functions/local/sign-in.ts';

const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const key: SigningKey = { ...(await exportJWK(privateKey)), alg: 'ES256', kid: 'local' };
const address = 'http://127.0.0.1:3000';
const verifier = randomBytes(32).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');

let signIn: ReturnType<typeof createSignIn>;
beforeEach(() => {
  signIn = createSignIn(key);
});

const question = {
  response_type: 'code',
  client_id: 'console',
  redirect_uri: `${address}/console`,
  scope: 'orders:read ship',
  state: 'a state',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};
const exchange = {
  grant_type: 'authorization_code',
  client_id: 'console',
  redirect_uri: question.redirect_uri,
  code_verifier: verifier,
};
type Parameters = Readonly<Record<string, string>>;
const authorize = (changes: Parameters = {}) =>
  signIn.authorize({ parameters: new URLSearchParams({ ...question, ...changes }), address });
const token = async (form: Parameters) => {
  const { statusCode, body } = await signIn.token({ parameters: new URLSearchParams(form), address });
  return { statusCode, body: JSON.parse(body) };
};
const backAt = ({ headers }: APIGatewayProxyResult) => new URL(String(headers?.Location));
const codeOf = (answer: APIGatewayProxyResult) => backAt(answer).searchParams.get('code') ?? '';

test('the page gets a token for the scopes it asked for, by the way of a code', async () => {
  const answer = authorize();
  const { statusCode, body } = await token({ ...exchange, code: codeOf(answer) });

  expect(answer.statusCode).toBe(302);
  expect(backAt(answer).href).toMatch(/^http:\/\/127\.0\.0\.1:3000\/console\?state=a\+state&code=[\w-]{43}$/);
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'orders:read ship' });
  expect(decodeJwt(body.access_token)).toMatchObject({ sub: 'local-planner', scope: 'orders:read ship' });
});

test('a refresh token is good once, and brings the next', async () => {
  const { body: first } = await token({ ...exchange, code: codeOf(authorize()) });
  const refresh = { grant_type: 'refresh_token', client_id: 'console', refresh_token: first.refresh_token };

  const second = await token(refresh);

  expect(second.body).toMatchObject({ scope: 'orders:read ship', refresh_token: expect.any(String) });
  expect(await token(refresh)).toEqual({ statusCode: 400, body: { error: 'invalid_grant' } });
});

test('a refresh token that is taken back is good no more', async () => {
  const { body } = await token({ ...exchange, code: codeOf(authorize()) });
  const answer = signIn.revoke({ parameters: new URLSearchParams({ token: body.refresh_token }), address });

  const after = await token({
    ...{ grant_type: 'refresh_token', client_id: 'console' },
    refresh_token: body.refresh_token,
  });

  expect(answer.statusCode).toBe(200);
  expect(after).toEqual({ statusCode: 400, body: { error: 'invalid_grant' } });
});

describe('nobody gets a code', () => {
  test.each([
    ['for another client', { client_id: 'other' }],
    ['that would go elsewhere', { redirect_uri: 'http://evil.example/console' }],
    ['that would go to another port', { redirect_uri: 'http://127.0.0.1:3001/console' }],
    ['that would go to another path', { redirect_uri: `${address}/consoles` }],
  ])('%s, and stays here', (_, changes) => {
    const { statusCode, headers } = authorize(changes);

    expect([statusCode, headers?.Location]).toEqual([400, undefined]);
  });

  test.each([
    ['without a challenge', { code_challenge: '' }],
    ['with a challenge in plain text', { code_challenge_method: 'plain' }],
    ['but a token at once', { response_type: 'token' }],
  ])('%s', (_, changes) => {
    expect(backAt(authorize(changes)).search).toBe('?state=a+state&error=invalid_request');
  });
});

describe('nobody gets a token', () => {
  const refused = { statusCode: 400, body: { error: 'invalid_grant' } };

  test.each([
    ['with another verifier', { code_verifier: randomBytes(32).toString('base64url') }],
    ['for another address', { redirect_uri: 'http://localhost:3000/console' }],
    ['for a code that was never given', { code: 'invented' }],
  ])('%s', async (_, changes) => {
    expect(await token({ ...exchange, code: codeOf(authorize()), ...changes })).toEqual(refused);
  });

  test('twice for a code', async () => {
    const code = codeOf(authorize());
    await token({ ...exchange, code });

    expect(await token({ ...exchange, code })).toEqual(refused);
  });

  test('for a code of yesterday', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const code = codeOf(authorize());
    vi.setSystemTime(Date.now() + 61_000);

    const late = await token({ ...exchange, code });

    vi.useRealTimers();
    expect(late).toEqual(refused);
  });

  test.each([
    ['for another client', { client_id: 'other' }, 401, 'invalid_client'],
    ['for a password', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('%s', async (_, changes, statusCode, error) => {
    expect(await token({ ...exchange, code: codeOf(authorize()), ...changes })).toEqual({
      statusCode,
      body: { error },
    });
  });
});
