/** Whether an `Accept` header puts `wanted` before `other` (RFC 9110 12.5.1). Without the header it does not. */
export const prefers = (accept: string | undefined, wanted: string, other: string): boolean =>
  weightOf(accept ?? '', wanted) > weightOf(accept ?? '', other);

/** The coding for an answer: the caller's best, brotli before gzip; null for none. */
export function codingOf(acceptEncoding: string | undefined): 'br' | 'gzip' | null {
  const [brotli, gzip] = [weightOf(acceptEncoding ?? '', 'br'), weightOf(acceptEncoding ?? '', 'gzip')];
  if (brotli === 0 && gzip === 0) return null;
  return brotli >= gzip ? 'br' : 'gzip';
}

/** The `q` that a header gives a value by name, else by a wildcard; 0 where it names neither. */
function weightOf(header: string, value: string): number {
  const weights = new Map(
    header.split(',').map((part) => {
      const [name = '', ...parameters] = part.toLowerCase().split(';');
      const q = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('q='));
      return [name.trim(), q === undefined ? 1 : Number(q.slice(2)) || 0];
    }),
  );
  return weights.get(value) ?? weights.get(`${value.split('/')[0]}/*`) ?? weights.get('*/*') ?? weights.get('*') ?? 0;
}
