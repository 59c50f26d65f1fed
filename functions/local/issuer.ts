import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';

/** A constant, not the address with its port: a token that was printed lives on when the port changes. */
export const localIssuer = 'https://issuer.localhost';
export const localAudience = 'inventory-allocation';

export const issuerPaths = {
  configuration: '/.well-known/openid-configuration',
  keys: '/.well-known/jwks.json',
  authorization: '/oauth2/authorize',
  token: '/oauth2/token',
  revocation: '/oauth2/revoke',
};

/** The private key that signs this data directory's tokens. */
export type SigningKey = JWK & { readonly kid: string; readonly alg: string };

export type TokenRequest = {
  readonly sub: string;
  readonly scope: string;
  readonly ttlSeconds: number;
  readonly now: Date;
  /** The local one where it is left out. */
  readonly issuer?: string;
};

/** Returns the directory's key, which also marks the directory as ours, or undefined where there is none. */
export async function findSigningKey(dataDirectory: string): Promise<SigningKey | undefined> {
  try {
    return JSON.parse(await readFile(keyFile(dataDirectory), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes the directory's key at its first start; only its owner may read the file. */
export async function createSigningKey(dataDirectory: string): Promise<SigningKey> {
  const alg = 'ES256';
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const key = { ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) };
  await writeFile(keyFile(dataDirectory), `${JSON.stringify(key)}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}

/** A token in the form of RFC 9068, good from now for `ttlSeconds`; a negative one makes a token that has expired. */
export async function issueToken(key: SigningKey, request: TokenRequest): Promise<string> {
  const { sub, scope, ttlSeconds, now, issuer = localIssuer } = request;
  const issuedAt = Math.floor(now.getTime() / 1000);
  return new SignJWT({ scope })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(localAudience)
    .setSubject(sub)
    .setIssuedAt(Math.min(issuedAt, issuedAt + ttlSeconds))
    .setExpirationTime(issuedAt + ttlSeconds)
    .sign(await importJWK(key, key.alg));
}

/** What an OpenID Connect issuer publishes, by path: where its keys lie, and their public halves. */
export function issuerDocuments(
  { d: _secret, ...publicKey }: SigningKey,
  address: string,
  issuer = localIssuer,
): Record<string, unknown> {
  return {
    [issuerPaths.configuration]: {
      issuer,
      jwks_uri: `${address}${issuerPaths.keys}`,
      authorization_endpoint: `${address}${issuerPaths.authorization}`,
      token_endpoint: `${address}${issuerPaths.token}`,
      revocation_endpoint: `${address}${issuerPaths.revocation}`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
      id_token_signing_alg_values_supported: [publicKey.alg],
    },
    [issuerPaths.keys]: { keys: [publicKey] },
  };
}

const keyFile = (dataDirectory: string) => join(dataDirectory, 'signing-key.json');
