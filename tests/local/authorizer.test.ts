import type { APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startIssuer } from './issuer.ts';

const { privateKey, publicKey } = await generateKeyPair('RS256');
let server: Awaited<ReturnType<typeof startIssuer>>;
let handler: typeof import('../../functions/authorizer/handler.ts').handler;

beforeAll(async () => {
  const key = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' };
  server = await startIssuer((address) => ({
    '/.well-known/openid-configuration': { issuer: address, jwks_uri: `${address}/keys` },
    '/keys': { keys: [key] },
  }));
  vi.stubEnv('JWT_ISSUER', server.address);
  vi.stubEnv('JWT_AUDIENCE', 'inventory');
  ({ handler } = await import('../../functions/authorizer/handler.ts'));
});

afterAll(() => server.close());

const event = (authorizationToken: string): APIGatewayTokenAuthorizerEvent => ({
  type: 'TOKEN',
  authorizationToken,
  methodArn: 'arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/GET/orders/o-1',
});

const sign = (expiresAt: string) =>
  new SignJWT({ scope: 'inventory/orders:read inventory/ship' })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .setIssuer(server.address)
    .setAudience('inventory')
    .setSubject('planner')
    .setIssuedAt()
    .setExpirationTime(expiresAt)
    .sign(privateKey);

test('lets a good token into the whole API and says what it may do', async () => {
  const answer = await handler(event(`Bearer ${await sign('1 minute')}`));

  expect(answer).toEqual({
    principalId: 'planner',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'execute-api:Invoke',
          Effect: 'Allow',
          Resource: 'arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/*',
        },
      ],
    },
    context: { sub: 'planner', scope: 'orders:read ship' },
  });
});

test.each([
  ['no token', async () => ''],
  ['another scheme', async () => 'Basic abc'],
  ['a token that is none', async () => 'Bearer abc'],
  ['an expired token', async () => `Bearer ${await sign('-1 minute')}`],
])('answers Unauthorized to %s', async (_, authorization) => {
  await expect(handler(event(await authorization()))).rejects.toThrow(/^Unauthorized$/);
});
