import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ServiceException } from './exceptions.ts';

/** Whose signature the emulator takes. */
export type Signatory = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** How far the clock of the caller may be off. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Refuses what AWS would refuse: a request without a signature, with one of somebody else, or one changed on its way.
 * Written from AWS's description of Signature Version 4, not with the code that signs.
 */
export function checkSignature(message: IncomingMessage, body: Buffer, signatory: Signatory): void {
  const { authorization = '', 'x-amz-date': date, 'x-amz-security-token': token } = message.headers;
  const parts = AUTHORIZATION.exec(authorization)?.groups;
  if (!parts) throw new ServiceException('MissingAuthenticationTokenException', 403, 'Missing Authentication Token');
  const { accessKeyId, day = '', region = '', signedHeaders = '', signature = '' } = parts;
  if (accessKeyId !== signatory.accessKeyId || token !== signatory.sessionToken) {
    throw new ServiceException('UnrecognizedClientException', 403, 'The security token in the request is invalid');
  }
  if (typeof date !== 'string' || !date.startsWith(day) || Math.abs(Date.now() - millisecondsOf(date)) > CLOCK_SKEW_MS)
    throw refused('Signature expired');
  const names = signedHeaders.split(';');
  if (MUST_BE_SIGNED.some((name) => message.headers[name] !== undefined && !names.includes(name)))
    throw refused('A header that must be signed is not');

  const canonical = [
    message.method,
    message.url,
    '',
    ...names.map((name) => `${name}:${String(message.headers[name]).trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders,
    createHash('sha256').update(body).digest('hex'),
  ].join('\n');
  const scope = `${day}/${region}/rds-data/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${signatory.secretAccessKey}`);
  if (!timingSafeEqual(hmac(key, text), Buffer.from(signature, 'hex')))
    throw refused('The request signature we calculated does not match the signature you provided');
}

const AUTHORIZATION = new RegExp(
  '^AWS4-HMAC-SHA256 Credential=(?<accessKeyId>[^/]+)/(?<day>\\d{8})/(?<region>[^/]+)/rds-data/aws4_request, ' +
    'SignedHeaders=(?<signedHeaders>[a-z0-9;-]+), Signature=(?<signature>[0-9a-f]{64})$',
);

const MUST_BE_SIGNED = ['host', 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256', 'content-type'];

const refused = (message: string) => new ServiceException('InvalidSignatureException', 403, message);

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** `20260131T120000Z`. */
const millisecondsOf = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'));
