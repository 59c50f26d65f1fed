import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Incoming } from './incoming.ts';
import { codingOf } from './negotiation.ts';
import type { Response } from './response.ts';

/** The gateway sends the same with what it answers by itself (template.yaml). */
export const headersOfEveryAnswer = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains', // browsers heed it over https alone
} as const;

/**
 * Makes a response an answer of API Gateway: with the headers of every answer, compressed when asked, bare for HEAD.
 * What Lambda would not hand back as it is, is compressed unasked: who names no coding takes any (RFC 9110, 12.5.3).
 */
export async function send(response: Response, incoming: Incoming): Promise<APIGatewayProxyResult> {
  const headers = {
    ...response.headers,
    ...headersOfEveryAnswer,
    'X-Request-Id': incoming.requestId,
    Vary: 'Accept, Accept-Encoding',
  };
  const coding = codingFor(response.body, incoming.headers['accept-encoding']);
  const coded = coding === null ? headers : { ...headers, 'Content-Encoding': coding };
  const { status: statusCode, body } = response;
  if (incoming.method === 'HEAD') return { statusCode, headers: coded, body: '' };
  if (coding === null) return { statusCode, headers, body };
  const bytes = await compress[coding](body);
  return { statusCode, headers: coded, body: bytes.toString('base64'), isBase64Encoded: true };
}

/** In characters. Lambda takes 6 MB, in which a character has at most 3 bytes, in JSON and in UTF-8. */
const LARGEST_PLAIN = 2_000_000;

function codingFor(body: string, accepted: string | undefined): keyof typeof compress | null {
  if (body === '') return null;
  return codingOf(accepted) ?? (body.length > LARGEST_PLAIN ? 'gzip' : null);
}

const asGzip = promisify<string, Buffer>(gzip);
const asBrotli = promisify(brotliCompress);

/** Brotli at its default of 11 takes seconds for a megabyte; at 4 it is as fast as gzip and smaller. */
const compress = {
  gzip: asGzip,
  br: (body: string): Promise<Buffer> => asBrotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
};
