import { CompactSign, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bearerToken } from '../../functions/authorizer/bearer.ts';
import { createVerifier, TokenRefused } from '../../functions/authorizer/verify.ts';
import { startIssuer } from './issuer.ts';

const issuer = 'https://issuer.example/pool';
const audience = 'inventory';
const { privateKey, publicKey } = await generateKeyPair('ES256');
const { privateKey: strangersKey } = await generateKeyPair('ES256');
let server: Awaited<ReturnType<typeof startIssuer>>;
let verify: ReturnType<typeof createVerifier>;

beforeAll(async () => {
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }];
  server = await startIssuer((address) => ({
    '/.well-known/openid-configuration': { issuer, jwks_uri: `${address}/keys` },
    '/keys': { keys },
  }));
  verify = createVerifier({ issuer, audience, address: server.address });
});

afterAll(() => server.close());

const now = () => Math.floor(Date.now() / 1000);
const claims = (changes: Record<string, unknown> = {}): JWTPayload => ({
  iss: issuer,
  aud: audience,
  sub: 'planner',
  scope: 'orders:read ship',
  iat: now(),
  exp: now() + 60,
  ...changes,
});
const sign = (payload: JWTPayload, { key = privateKey, kid = 'k1' } = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid }).sign(key);
const without = (name: string) => Object.fromEntries(Object.entries(claims()).filter(([each]) => each !== name));
const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

describe('a good token', () => {
  test('says who calls and what the caller may do', async () => {
    const token = await sign(claims());

    const caller = await verify(token);

    expect(caller).toEqual({ sub: 'planner', scopes: ['orders:read', 'ship'] });
  });

  test.each([
    ['of a URL', 'https://api/orders:write https://api/ship'],
    ['of Cognito', 'inventory/orders:write inventory/ship'],
    ['once without and once with a prefix', 'orders:write inventory/orders:write ship'],
    ['with spaces around', ' orders:write  ship '],
  ])('loses the prefix of its scopes: %s', async (_, scope) => {
    const { scopes } = await verify(await sign(claims({ scope })));

    expect(scopes).toEqual(['orders:write', 'ship']);
  });

  test.each([
    ['names the audience among others', { aud: ['other', audience] }],
    ['has no aud and the audience as client_id, as Cognito does', { aud: undefined, client_id: audience }],
    [
      'has no aud and the audience as the server of its scopes, as any client of a Cognito pool gets it',
      { aud: undefined, client_id: 'other', scope: `${audience}/orders:read` },
    ],
    ['has begun', { nbf: now() - 1 }],
  ])('%s', async (_, changes) => {
    const { sub } = await verify(await sign(claims(changes)));

    expect(sub).toBe('planner');
  });

  test('may do what its scopes for this API say, not what those for another do', async () => {
    const scope = `other/orders:write ${audience}/orders:read ship`;

    const { scopes } = await verify(await sign(claims({ aud: undefined, client_id: 'other', scope })));

    expect(scopes).toEqual(['orders:read']);
  });

  test('without scope may do nothing', async () => {
    const { scopes } = await verify(await sign(without('scope')));

    expect(scopes).toEqual([]);
  });

  test('needs the documents of the issuer once, however many tokens come', async () => {
    const calls = server.calls.length;

    await Promise.all([1, 2, 3].map(async () => verify(await sign(claims()))));

    expect(server.calls.slice(calls)).toEqual([]);
    expect(new Set(server.calls)).toEqual(new Set(['/.well-known/openid-configuration', '/keys']));
  });
});

describe('a bad token is refused', () => {
  test('that has expired, which is told apart', async () => {
    const refusal = await refused(await sign(claims({ exp: now() - 1 })));

    expect(refusal.expired).toBe(true);
  });

  const signature = async () => (await sign(claims())).split('.');

  test.each([
    ['is not yet good', () => sign(claims({ nbf: now() + 60 }))],
    ['has no end', () => sign(without('exp'))],
    ['has an end that is no number', () => sign(claims({ exp: 'never' }))],
    ['is of another issuer', () => sign(claims({ iss: 'https://issuer.example' }))],
    ['has no issuer', () => sign(without('iss'))],
    ['is for another audience', () => sign(claims({ aud: 'other' }))],
    ['is for another audience, whatever its client_id', () => sign(claims({ aud: 'other', client_id: audience }))],
    ['is for nobody', () => sign(without('aud'))],
    ['is of another client', () => sign(claims({ aud: undefined, client_id: 'other' }))],
    [
      'is of another client and for another server',
      () => sign(claims({ aud: undefined, client_id: 'other', scope: `${audience}x/orders:read orders:write` })),
    ],
    [
      'is for another audience, whatever its scopes',
      () => sign(claims({ aud: 'other', scope: `${audience}/orders:read` })),
    ],
    ['has no subject', () => sign(without('sub'))],
    ['has an empty subject', () => sign(claims({ sub: '' }))],
    ['is signed by another key', () => sign(claims(), { key: strangersKey })],
    ['names an unknown key', () => sign(claims(), { kid: 'k2' })],
    ['is not signed', async () => `${encode({ alg: 'none' })}.${encode(claims())}.`],
    ['is not signed, but says that it is', async () => `${encode({ alg: 'ES256', kid: 'k1' })}.${encode(claims())}.`],
    ['is signed by a shared secret', () => sharedSecret()],
    [
      'has a changed body',
      async () => (await signature()).with(1, encode(claims({ scope: 'orders:write' }))).join('.'),
    ],
    ['has lost a part', async () => (await signature()).slice(0, 2).join('.')],
    ['is no token', async () => 'hello'],
    ['is empty', async () => ''],
    ['is three dots', async () => '...'],
    ['has a head that is no JSON', async () => (await signature()).with(0, 'e30x').join('.')],
    [
      'has a body that is no object',
      () =>
        new CompactSign(new TextEncoder().encode('[1]'))
          .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
          .sign(privateKey),
    ],
  ])('that %s', async (_, token) => {
    const refusal = await refused(await token());

    expect(refusal.expired).toBe(false);
  });

  const sharedSecret = async () => {
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(publicKey)));
    return new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret);
  };

  const refused = async (token: string) => {
    const error = await verify(token).catch((reason: unknown) => reason);
    if (!(error instanceof TokenRefused)) throw new Error('not refused', { cause: error });
    return error;
  };
});

describe('an issuer that does not do its part is no fault of the token', () => {
  test.each([
    ['is not there', () => ({})],
    [
      'speaks for another',
      () => ({
        '/.well-known/openid-configuration': { issuer: 'https://x', jwks_uri: `${server.address}/keys` },
      }),
    ],
    ['names no keys', () => ({ '/.well-known/openid-configuration': { issuer } })],
    [
      'has no keys',
      (address: string) => ({ '/.well-known/openid-configuration': { issuer, jwks_uri: `${address}/keys` } }),
    ],
  ])('that %s', async (_, documentsAt) => {
    const broken = await startIssuer(documentsAt);
    const verifyThere = createVerifier({ issuer, audience, address: broken.address });

    const error = await verifyThere(await sign(claims())).catch((reason: unknown) => reason);

    broken.close();
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(TokenRefused);
  });

  test('and is asked again at the next token', async () => {
    const documents: Record<string, unknown> = {};
    const late = await startIssuer(() => documents);
    const verifyThere = createVerifier({ issuer, audience, address: late.address });
    const token = await sign(claims());
    await verifyThere(token).catch(() => {});

    documents['/.well-known/openid-configuration'] = { issuer, jwks_uri: `${server.address}/keys` };
    const { sub } = await verifyThere(token);

    late.close();
    expect(sub).toBe('planner');
  });
});

test.each([
  ['Bearer abc', 'abc'],
  ['bearer  abc ', 'abc'],
  ['Bearer', undefined],
  ['Bearer a b', undefined],
  ['Basic abc', undefined],
  ['abc', undefined],
  ['', undefined],
  [undefined, undefined],
])('the token of %j is %j', (header, token) => {
  expect(bearerToken(header)).toBe(token);
});
