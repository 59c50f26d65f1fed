import { randomBytes } from 'node:crypto';
import type { APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createVerifier, TokenRefused } from '../../functions/authorizer/verify.ts';
import { type Given, type Seen, type Service, startService } from './service.ts';

const first = await generateKeyPair('ES256');
const second = await generateKeyPair('ES256');
let issuer: Service;
/** What the issuer serves now. */
let keys: unknown[];
let configuration: () => unknown;

const jwk = async ({ publicKey }: typeof first, kid: string) => ({ ...(await exportJWK(publicKey)), kid });
const documents = ({ path }: Seen): Given => {
  if (['/.well-known/openid-configuration', '/moved'].includes(path)) return { body: configuration() };
  return path === '/keys' ? { body: { keys } } : { status: 404 };
};
const asked = () => issuer.seen.map(({ path }) => path);

beforeEach(async () => {
  keys = [await jwk(first, 'k1')];
  issuer = await startService(documents);
  configuration = () => ({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` });
  vi.stubEnv('JWT_ISSUER', issuer.url);
  vi.stubEnv('JWT_AUDIENCE', 'client-1');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  issuer.close();
});

/** A token of Cognito: no `aud`, and scopes with the name of the resource server. */
const sign = (changes: JWTPayload = {}, { privateKey } = first, kid = 'k1') =>
  new SignJWT({
    client_id: 'client-1',
    scope: 'inventory/orders:read',
    token_use: 'access',
    sub: 'planner',
    ...changes,
  })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setIssuer(issuer.url)
    .setExpirationTime('1 hour')
    .sign(privateKey);

let generation = 0;
/** A cold start. */
async function authorizer() {
  generation += 1;
  const { handler }: typeof import('../../functions/authorizer/handler.ts') = await import(
    `../../functions/authorizer/handler.ts?${generation}`
  );
  return (token: string, route = 'GET/orders') => {
    const methodArn = `arn:aws:execute-api:eu-central-1:000000000000:api1/v1/${route}`;
    const event: APIGatewayTokenAuthorizerEvent = { type: 'TOKEN', authorizationToken: `Bearer ${token}`, methodArn };
    return handler(event);
  };
}

describe('a good token', () => {
  it('of Cognito opens the whole API, whichever route was asked for', async () => {
    const ask = await authorizer();

    const answers = await Promise.all(['GET/orders', 'POST/allocate'].map(async (route) => ask(await sign(), route)));

    for (const { policyDocument, context } of answers) {
      const resource = 'arn:aws:execute-api:eu-central-1:000000000000:api1/v1/*';
      expect(policyDocument.Statement).toEqual([{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: resource }]);
      expect(context).toEqual({ sub: 'planner', scope: 'orders:read' });
    }
  });

  it('costs two questions to the issuer at a cold start, and none after that', async () => {
    const ask = await authorizer();

    await ask(await sign());
    await ask(await sign());

    expect(asked()).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('is good by a key that the issuer has added since, half a minute later at the latest', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const ask = await authorizer();
    await ask(await sign());
    keys = [await jwk(first, 'k1'), await jwk(second, 'k2')];

    const early = ask(await sign({}, second, 'k2'));
    await expect(early).rejects.toThrow('Unauthorized');
    vi.setSystemTime(Date.now() + 31_000);
    const later = await ask(await sign({}, second, 'k2'));

    expect(later.principalId).toBe('planner');
    expect(asked().filter((path) => path === '/keys')).toHaveLength(2);
  });

  it('is no longer good by a key that the issuer has withdrawn, ten minutes later at the latest', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const ask = await authorizer();
    await ask(await sign());
    keys = [await jwk(second, 'k2')];

    vi.setSystemTime(Date.now() + 601_000);

    await expect(ask(await sign())).rejects.toThrow('Unauthorized');
  });
});

it('an unknown key makes no more than one question in half a minute, however many tokens come', async () => {
  const ask = await authorizer();
  const strange = await sign({}, second, 'k9');

  await Promise.allSettled(Array.from({ length: 20 }, () => ask(strange)));
  await Promise.allSettled(Array.from({ length: 20 }, () => ask(strange)));

  expect(asked().filter((path) => path === '/keys').length).toBeLessThanOrEqual(2);
});

it('a huge token is refused before anybody is asked', async () => {
  const ask = await authorizer();

  await expect(ask(await sign({ more: randomBytes(9_000).toString('hex') }))).rejects.toThrow(/^Unauthorized$/);

  expect(asked()).toEqual([]);
});

describe('in doubt nobody comes in, and it is no fault of the token', () => {
  const refused = async () => {
    const ask = await authorizer();
    const answer = ask(await sign());
    await expect(answer).rejects.toThrow();
    await expect(answer).rejects.not.toThrow(/^Unauthorized$/);
    return ask;
  };

  it.each<[string, Given]>([
    ['is down', 'CUT'],
    ['answers 500', { status: 500 }],
    ['answers what is no document', { body: [1] }],
  ])('when the issuer %s, and the next token asks anew', async (_, failure) => {
    issuer.fail(failure);
    const ask = await refused();

    issuer.recover();

    expect((await ask(await sign())).principalId).toBe('planner');
  });

  it.each<[string, () => unknown]>([
    ['speaks for another', () => ({ issuer: 'https://other', jwks_uri: `${issuer.url}/keys` })],
    ['answers without end', () => ({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys`, more: 'x'.repeat(300_000) })],
    ['names no keys', () => ({ issuer: issuer.url })],
    ['names what is no address', () => ({ issuer: issuer.url, jwks_uri: 'keys' })],
    ['has no keys where it says', () => ({ issuer: issuer.url, jwks_uri: `${issuer.url}/nothing` })],
  ])('when the issuer %s', async (_, given) => {
    configuration = given;

    await refused();
  });

  it('when the issuer is slow, with its document or its keys, after two seconds', async () => {
    const started = Date.now();
    const errorOf = async (slow: string) => {
      const silent = await startService((request) => {
        if (request.path === slow) return 'SILENCE';
        return request.path === '/keys'
          ? documents(request)
          : { body: { issuer: issuer.url, jwks_uri: `${silent.url}/keys` } };
      });
      const verify = createVerifier({ issuer: issuer.url, audience: 'client-1', address: silent.url });
      const error = await verify(await sign()).catch((reason: unknown) => reason);
      silent.close();
      return error;
    };

    const errors = await Promise.all(['/.well-known/openid-configuration', '/keys', 'neither'].map(errorOf));

    expect(errors.map((error) => error instanceof Error)).toEqual([true, true, false]);
    expect(errors.some((error) => error instanceof TokenRefused)).toBe(false);
    expect(Date.now() - started).toBeLessThan(2_900);
  });
});

it('an issuer that sends elsewhere is not followed', async () => {
  issuer.next({ status: 302, headers: { location: '/moved' } });
  const ask = await authorizer();

  await expect(ask(await sign())).rejects.toThrow();

  expect(asked()).toEqual(['/.well-known/openid-configuration']);
});

it('keys by another protocol than that of the issuer are not asked for', async () => {
  configuration = () => ({ issuer: issuer.url, jwks_uri: 'https://127.0.0.1:9/keys' });
  const ask = await authorizer();

  await expect(ask(await sign())).rejects.toThrow('names keys at https:');
});

it('a shared secret among the keys opens nothing', async () => {
  const secret = randomBytes(32);
  keys = [{ kty: 'oct', kid: 'k1', alg: 'HS256', k: secret.toString('base64url') }];
  const token = await new SignJWT({ client_id: 'client-1', sub: 'planner' })
    .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    .setIssuer(issuer.url)
    .setExpirationTime('1 hour')
    .sign(secret);
  const ask = await authorizer();

  await expect(ask(token)).rejects.toThrow(/^Unauthorized$/);
});
