/** A request as it goes over the wire, past our adapter and the SDK. */
export type DataApiRequest = {
  readonly operation: 'Execute' | 'BatchExecute' | 'BeginTransaction' | 'CommitTransaction' | 'RollbackTransaction';
  readonly body?: Readonly<Record<string, unknown>>;
};

/** The answer's members, or the exception's name and message. */
export async function send(url: string, { operation, body }: DataApiRequest): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceArn: 'arn:aws:rds:cluster', secretArn: 'arn:aws:secret', ...body }),
  });
  const answer = await response.json();
  return response.ok ? answer : { exception: response.headers.get('x-amzn-errortype'), message: answer.message };
}

/** One statement, in a transaction where an id is given. */
export const execute = (url: string, sql: string, transactionId?: string) =>
  send(url, { operation: 'Execute', body: { sql, transactionId } });

export async function begin(url: string): Promise<string> {
  const { transactionId } = await send(url, { operation: 'BeginTransaction' });
  return String(transactionId);
}
