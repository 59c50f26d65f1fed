/** The API as this script sees it. */
export type Client = {
  readonly url: string;
  readonly get: <Answer>(path: string) => Promise<Answer>;
  readonly post: <Answer>(path: string, body: unknown) => Promise<Answer>;
  /** False where its rows are there already. */
  readonly importCsv: (path: string, csv: string) => Promise<boolean>;
};

type Problem = { readonly code?: string; readonly detail?: string };

/** Throws what the API says when it refuses. */
export function createClient(url: string, token: string): Client {
  const call = async (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) => {
    const headers = { ...init.headers, authorization: `Bearer ${token}` };
    const response = await fetch(url + path, { ...init, headers });
    return { response, answer: await response.json() };
  };
  const accepted = ({ response, answer }: Awaited<ReturnType<typeof call>>) => {
    if (response.ok) return answer;
    const { code, detail }: Problem = answer;
    throw new Error(`${response.url} answered ${response.status} ${code}: ${detail}`);
  };
  const send = (path: string, contentType: string, body: string) =>
    call(path, { method: 'POST', headers: { 'content-type': contentType }, body });

  return {
    url,
    get: async (path) => accepted(await call(path)),
    post: async (path, body) => accepted(await send(path, 'application/json', JSON.stringify(body))),
    importCsv: async (path, csv) => {
      const result = await send(path, 'text/csv', csv);
      const { code = '' }: Problem = result.answer;
      if (code.startsWith('DUPLICATE_')) return false;
      accepted(result);
      return true;
    },
  };
}
