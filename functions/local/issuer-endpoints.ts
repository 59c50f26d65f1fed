import type { APIGatewayProxyResult } from 'aws-lambda';
import { issuerDocuments, issuerPaths, type SigningKey } from './issuer.ts';
import { type Asked, createSignIn } from './sign-in.ts';

/** All that the local issuer answers, by path: its documents, and the page's way to a token. */
export function issuerEndpoints(key: SigningKey) {
  const { authorize, token, revoke } = createSignIn(key);
  const document =
    (path: string) =>
    ({ address }: Asked): APIGatewayProxyResult => ({
      statusCode: 200,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(issuerDocuments(key, address)[path]),
    });
  return {
    [issuerPaths.configuration]: document(issuerPaths.configuration),
    [issuerPaths.keys]: document(issuerPaths.keys),
    [issuerPaths.authorization]: authorize,
    [issuerPaths.token]: token,
    [issuerPaths.revocation]: revoke,
  };
}
