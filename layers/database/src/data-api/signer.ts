import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Caller } from './caller.ts';

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** Returns a function that answers the headers of a POST, signed as AWS asks (Signature Version 4). */
export function createSigner({ endpoint, region, credentials }: Caller) {
  const { protocol, hostname, host } = new URL(endpoint);
  const signer = new SignatureV4({
    service: 'rds-data',
    region,
    credentials: async () => credentials(),
    sha256: Sha256,
  });

  return async (path: string, body: Buffer): Promise<Readonly<Record<string, string>>> => {
    const signed = await signer.sign({
      method: 'POST',
      protocol,
      hostname,
      path,
      body,
      headers: { host, 'content-type': 'application/json', 'content-length': String(body.length) },
    });
    return signed.headers;
  };
}

/** SHA-256 in the form that the signer asks for: with a secret it is an HMAC. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('A hash of the signer is used once');
  }
}

function bytesOf(secret: string | ArrayBuffer | ArrayBufferView): string | Buffer {
  if (typeof secret === 'string') return secret;
  return ArrayBuffer.isView(secret)
    ? Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength)
    : Buffer.from(secret);
}
