import { createHash, randomBytes } from 'node:crypto';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { issueToken, type SigningKey } from './issuer.ts';

/** The client of the planner's page. */
export const consoleClient = 'console';

/** A form or query as it came, and the address that the browser knows this server by. */
export type Asked = { readonly parameters: URLSearchParams; readonly address: string };

/** What a code or a refresh token stands for. */
type Grant = { readonly scope: string };
type Code = Grant & { readonly challenge: string; readonly redirectUri: string; readonly expiresAt: number };

const CODE_MILLISECONDS = 60_000;
const TOKEN_SECONDS = 3_600;

/**
 * Signing in on a laptop: the authorization code grant with PKCE (RFC 6749, RFC 7636) for the planner's page, and no other.
 * Nobody is asked who they are: whoever reaches this address owns the laptop.
 */
export function createSignIn(key: SigningKey) {
  const codes = new Map<string, Code>();
  const refreshTokens = new Map<string, Grant>();

  function authorize({ parameters, address }: Asked): APIGatewayProxyResult {
    const read = (name: string) => parameters.get(name) ?? '';
    const redirectUri = read('redirect_uri');
    if (read('client_id') !== consoleClient || redirectUri !== `${address}/console`)
      return json(400, { error: 'invalid_request', error_description: 'Only the page at /console signs in here' });

    const back = new URL(redirectUri);
    back.searchParams.set('state', read('state'));
    if (read('response_type') !== 'code' || read('code_challenge_method') !== 'S256' || !read('code_challenge')) {
      back.searchParams.set('error', 'invalid_request');
      return redirect(back);
    }
    const code = secret();
    codes.set(code, {
      scope: read('scope'),
      challenge: read('code_challenge'),
      redirectUri,
      expiresAt: Date.now() + CODE_MILLISECONDS,
    });
    back.searchParams.set('code', code);
    return redirect(back);
  }

  async function token({ parameters }: Asked): Promise<APIGatewayProxyResult> {
    const read = (name: string) => parameters.get(name) ?? '';
    if (read('client_id') !== consoleClient) return json(401, { error: 'invalid_client' });
    if (read('grant_type') === 'refresh_token') return grant(take(refreshTokens, read('refresh_token')));
    if (read('grant_type') !== 'authorization_code') return json(400, { error: 'unsupported_grant_type' });

    const code = take(codes, read('code'));
    const isGood =
      code !== undefined &&
      code.expiresAt > Date.now() &&
      code.redirectUri === read('redirect_uri') &&
      code.challenge === createHash('sha256').update(read('code_verifier')).digest('base64url');
    return grant(isGood ? code : undefined);
  }

  async function grant(granted: Grant | undefined): Promise<APIGatewayProxyResult> {
    if (!granted) return json(400, { error: 'invalid_grant' });
    const { scope } = granted;
    const refreshToken = secret();
    refreshTokens.set(refreshToken, { scope });
    const token = { sub: 'local-planner', scope, ttlSeconds: TOKEN_SECONDS, now: new Date() };
    return json(200, {
      access_token: await issueToken(key, token),
      token_type: 'Bearer',
      expires_in: TOKEN_SECONDS,
      refresh_token: refreshToken,
      scope,
    });
  }

  /** A token that is not known is taken back already (RFC 7009, 2.2). */
  function revoke({ parameters }: Asked): APIGatewayProxyResult {
    refreshTokens.delete(parameters.get('token') ?? '');
    return json(200, {});
  }

  return { authorize, token, revoke };
}

/** Each is good once. */
function take<Value>(values: Map<string, Value>, name: string): Value | undefined {
  const value = values.get(name);
  values.delete(name);
  return value;
}

const secret = () => randomBytes(32).toString('base64url');

const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };

const json = (statusCode: number, body: object): APIGatewayProxyResult => ({
  statusCode,
  headers,
  body: JSON.stringify(body),
});

const redirect = (to: URL): APIGatewayProxyResult => ({
  statusCode: 302,
  headers: { Location: to.href, 'Cache-Control': 'no-store' },
  body: '',
});
