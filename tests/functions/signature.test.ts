import { createHash, createHmac, randomBytes } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import { signedHeaders } from '../../functions/aws/sign.ts';

/** SHA-256 as AWS's signer wants it. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

const random = (bytes: number) => randomBytes(bytes).toString('base64');

async function byAws(url: URL, headers: Record<string, string>, body: string, of: Parameters<typeof signedHeaders>[1]) {
  const { sessionToken, ...credentials } = of.credentials;
  const signer = new SignatureV4({
    ...{ service: of.service, region: of.region, sha256: Sha256, applyChecksum: false },
    credentials: sessionToken === undefined ? credentials : { ...credentials, sessionToken },
  });
  const request = {
    ...{ method: 'POST', protocol: url.protocol, hostname: url.hostname, path: url.pathname, body },
    headers: { ...headers, host: url.host },
  };
  const { headers: signed } = await signer.sign(request, { signingDate: of.now });
  return signed;
}

const version = 'arn:aws:lambda:eu-central-1:000000000000:function:stack-main:7';

describe("our signature is that of AWS's own signer", () => {
  it.each<[string, string, Record<string, string>, string]>([
    [
      'of the JSON protocol',
      'https://sqs.eu-central-1.amazonaws.com/',
      { 'x-amz-target': 'AmazonSQS.SendMessage' },
      '{}',
    ],
    ['of no body', 'https://codedeploy.eu-central-1.amazonaws.com/', {}, ''],
    ['of a body in many scripts', 'https://sqs.eu-central-1.amazonaws.com/', {}, '漢字 ü "quoted"'],
    [
      'of a path with an ARN',
      `https://lambda.eu-central-1.amazonaws.com/2015-03-31/functions/${encodeURIComponent(version)}/invocations`,
      { 'content-type': 'application/json' },
      '{}',
    ],
    ["of a path with !'()*~", "https://lambda.eu-central-1.amazonaws.com/a!'()*~-_.b/%20", {}, '{}'],
    ['of a header with spaces', 'http://127.0.0.1:8080/', { 'X-Many': '  a   b ' }, '{}'],
  ])('%s', async (_, address, headers, body) => {
    const url = new URL(address);
    const keys = { accessKeyId: random(15), secretAccessKey: random(30) };

    for (const credentials of [keys, { ...keys, sessionToken: random(90) }]) {
      const of = { service: 'lambda', region: 'eu-central-1', credentials, now: new Date() };

      const ours = signedHeaders({ method: 'POST', url, headers, body }, of);

      const { authorization, 'x-amz-date': date } = await byAws(url, headers, body, of);
      expect([ours.authorization, ours['x-amz-date']]).toEqual([authorization, date]);
    }
  });
});
