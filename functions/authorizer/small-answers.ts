/** The documents of an issuer have a few kilobytes. */
const LARGEST_BYTES = 256 * 1024;

/** `fetch` for what another organisation answers: no redirect is followed, and a long answer is not read to its end. */
export const fetchSmall: typeof fetch = async (address, options) => {
  const response = await fetch(address, { ...options, redirect: 'error' });
  const { status, headers } = response;
  return new Response(await bytesOf(response, String(address)), { status, headers });
};

async function bytesOf({ body }: Response, address: string): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > LARGEST_BYTES) throw new Error(`${address} answered more than ${LARGEST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
