import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { bearerToken } from './bearer.ts';
import { createVerifier, TokenRefused } from './verify.ts';

const verify = createVerifier({ issuer: setting('JWT_ISSUER'), audience: setting('JWT_AUDIENCE') });

/**
 * API Gateway's question who may come in. Allows the whole API, since scopes are checked by the contract of each route,
 * or throws `Unauthorized`, which API Gateway answers with 401. Any other error lets no one in either, as a 500.
 */
export async function handler(event: APIGatewayTokenAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const token = bearerToken(event.authorizationToken);
  if (token === undefined) throw new Error('Unauthorized');

  try {
    const { sub, scopes } = await verify(token);
    return {
      principalId: sub,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: wholeApi(event.methodArn) }],
      },
      context: { sub, scope: scopes.join(' ') },
    };
  } catch (error) {
    if (error instanceof TokenRefused) throw new Error('Unauthorized', { cause: error });
    throw error;
  }
}

/** API Gateway keeps the answer for the token's next calls, whichever route they go to: `…:<api>/<stage>/*`. */
const wholeApi = (methodArn: string) => `${methodArn.split('/').slice(0, 2).join('/')}/*`;

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}
