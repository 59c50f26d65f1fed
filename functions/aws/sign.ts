import { createHash, createHmac } from 'node:crypto';

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of a role's temporary credentials. */
  readonly sessionToken?: string | undefined;
};

export type Unsigned = {
  readonly method: string;
  /** Without a query. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/**
 * The headers of a request with AWS Signature Version 4, for requests without a query. Ours, since AWS's own signer
 * brings 14 kB to each cold start where this brings one; tests compare the two.
 */
export function signedHeaders(
  { method, url, headers, body }: Unsigned,
  of: { service: string; region: string; credentials: Credentials; now: Date },
): Record<string, string> {
  const time = of.now.toISOString().replace(/[-:]|\.\d+/g, '');
  const { accessKeyId, secretAccessKey, sessionToken } = of.credentials;
  const sent: Record<string, string> = {
    ...headers,
    'x-amz-date': time,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  };
  const lines = Object.entries({ ...sent, host: url.host })
    .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const names = lines.map(([name]) => name).join(';');
  const canonical = [
    method,
    twiceEncoded(url.pathname),
    '',
    ...lines.map((line) => line.join(':')),
    '',
    names,
    hash(body),
  ];
  const scope = [time.slice(0, 8), of.region, of.service, 'aws4_request'];
  const key = scope.reduce<string | Buffer>((key, part) => hmac(key, part).digest(), `AWS4${secretAccessKey}`);
  const text = [ALGORITHM, time, scope.join('/'), hash(canonical.join('\n'))].join('\n');
  const credential = `${accessKeyId}/${scope.join('/')}`;
  return {
    ...sent,
    authorization: `${ALGORITHM} Credential=${credential}, SignedHeaders=${names}, Signature=${hmac(key, text).digest('hex')}`,
  };
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Every service but S3 wants the path, which is encoded already, encoded once more. */
const twiceEncoded = (path: string) =>
  path
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replace(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/');

const hash = (data: string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data);
