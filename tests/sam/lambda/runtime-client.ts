// What aws-lambda-ric expects of its native binding, which is C++ and not built here, over fetch.

const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
const { fetch } = globalThis; // ours, even if a handler replaces the global

let answered: Promise<unknown> = Promise.resolve();

export function done(id: string, body: string): void {
  post(`${id}/response`, body);
}

export function error(id: string, body: string, xrayCause: string): void {
  const { errorType = 'Error' }: { errorType?: string } = JSON.parse(body);
  post(`${id}/error`, body, {
    'lambda-runtime-function-error-type': errorType,
    'lambda-runtime-function-xray-error-cause': ascii(xrayCause),
  });
}

export async function next(): Promise<{ bodyJson: string; headers: Record<string, string> }> {
  await answered; // the runtime API asks nothing new before it has the last answer
  const response = await fetch(`${api}/next`);
  return { bodyJson: await response.text(), headers: Object.fromEntries(response.headers) };
}

function post(path: string, body: string, headers: Record<string, string> = {}): void {
  answered = fetch(`${api}/${path}`, { method: 'POST', body, headers }).then((response) => response.text());
}

/** A header carries no line break and nothing beyond ASCII; JSON can spell both. */
const ascii = (json: string) =>
  json.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
