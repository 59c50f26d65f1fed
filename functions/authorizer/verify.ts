import { createRemoteJWKSet, customFetch, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { fetchSmall } from './small-answers.ts';

export type Issuer = {
  /** The `iss` of its tokens, to the letter. */
  readonly issuer: string;
  /**
   * What `aud` must name; a token without `aud` (Cognito's access tokens) must have it as `client_id`, or as the resource
   * server of one of its scopes: whatever client of the pool asked for it, the pool gave it for this API.
   */
  readonly audience: string;
  /** Where the issuer's documents lie, if not at the issuer itself: the local server, whose port is no part of `iss`. */
  readonly address?: string;
};

export type Caller = { readonly sub: string; readonly scopes: readonly string[] };

/** The token is not good, whatever the reason; `expired` tells the one that a client mends by asking for a new token. */
export class TokenRefused extends Error {
  readonly expired: boolean;

  constructor(message: string, options: { expired: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'TokenRefused';
    this.expired = options.expired;
  }
}

/**
 * Returns a function that answers who a token speaks for and which scopes it has, without the prefix of a resource
 * server. It checks length, algorithm, signature, `iss`, `aud` or `client_id`, `exp` (required) and `nbf`, to the second.
 * Throws `TokenRefused` for a bad token, and another error when the issuer's keys cannot be read: that says nothing
 * about the token. The issuer's documents are fetched once and kept; an unknown key fetches them anew (RFC 7517).
 */
export function createVerifier(issuer: Issuer): (token: string) => Promise<Caller> {
  const keys = keysOf(issuer);

  return async (token) => {
    if (token.length > LONGEST_TOKEN) throw new TokenRefused('The token is too long', { expired: false });
    const { payload } = await jwtVerify(token, keys, {
      issuer: issuer.issuer,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'sub'],
    }).catch((error: unknown) => {
      throw refusal(error);
    });
    const scopes = scopesFor(issuer.audience, payload);
    if (scopes === null) throw new TokenRefused('The token is meant for another audience', { expired: false });
    if (typeof payload.sub !== 'string' || payload.sub === '') {
      throw new TokenRefused('The token names no subject', { expired: false });
    }
    return { sub: payload.sub, scopes: [...new Set(scopes.map(withoutServer))] };
  };
}

/** API Gateway takes 10,240 bytes of headers in all. */
const LONGEST_TOKEN = 8_192;

/** Those with a public key (RFC 7518, RFC 8037): what is signed by a shared secret or not at all is refused unseen. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** jose's errors that speak of the token; all others speak of the way to the keys. */
const refusals = [
  errors.JWSInvalid,
  errors.JWTInvalid,
  errors.JWTClaimValidationFailed,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

function refusal(error: unknown): unknown {
  if (error instanceof errors.JWTExpired)
    return new TokenRefused('The token has expired', { expired: true, cause: error });
  if (refusals.some((kind) => error instanceof kind)) {
    return new TokenRefused('The token is not valid', { expired: false, cause: error });
  }
  return error;
}

/** The scopes that count for this audience, null where the token is meant for another. */
function scopesFor(audience: string, { aud, client_id, scope }: JWTPayload): string[] | null {
  const all = typeof scope === 'string' ? scope.split(' ').filter((name) => name !== '') : [];
  if (aud !== undefined) return [aud].flat().includes(audience) ? all : null;
  if (client_id === audience) return all;
  const own = all.filter((name) => name.startsWith(`${audience}/`));
  return own.length > 0 ? own : null; // those for another server say nothing here
}

/** `https://api/orders:write` (Auth0, Okta) and `inventory/orders:write` (Cognito) are `orders:write`. */
const withoutServer = (scope: string) => scope.slice(scope.lastIndexOf('/') + 1);

/** Each of the two questions to the issuer: both fit into what API Gateway waits. */
const ISSUER_MILLISECONDS = 2_000;

/** The issuer's keys, found by OpenID Connect Discovery 1.0 (section 4) at the first token. */
function keysOf(issuer: Issuer): JWTVerifyGetKey {
  let found: Promise<JWTVerifyGetKey> | undefined;

  return async (header, token) => {
    found ??= discover(issuer).catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return (await found)(header, token);
  };
}

async function discover({ issuer, address: home = issuer }: Issuer): Promise<JWTVerifyGetKey> {
  const url = `${home.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetchSmall(url, { signal: AbortSignal.timeout(ISSUER_MILLISECONDS) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);

  const document: unknown = await response.json();
  if (!isConfiguration(document)) throw new Error(`${url} names no issuer and jwks_uri`);
  // Section 4.3: another issuer's document must not bring its keys in.
  if (document.issuer !== issuer) throw new Error(`${url} speaks for ${document.issuer}, not for ${issuer}`);
  const address = new URL(document.jwks_uri);
  if (address.protocol !== new URL(url).protocol) throw new Error(`${url} names keys at ${address.protocol}`);
  return createRemoteJWKSet(address, { timeoutDuration: ISSUER_MILLISECONDS, [customFetch]: fetchSmall });
}

function isConfiguration(document: unknown): document is { issuer: string; jwks_uri: string } {
  return (
    typeof document === 'object' &&
    document !== null &&
    'issuer' in document &&
    'jwks_uri' in document &&
    typeof document.issuer === 'string' &&
    typeof document.jwks_uri === 'string'
  );
}
