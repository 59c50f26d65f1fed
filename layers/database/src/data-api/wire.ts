import type { ColumnMetadata, Field, SqlParameter } from '@aws-sdk/client-rds-data';

/** A field as it goes over the wire: bytes are base64. */
export type WireField = Omit<Field, 'blobValue' | '$unknown'> & { readonly blobValue?: string };

export type WireParameter = Omit<SqlParameter, 'value'> & { readonly value: WireField };

/** The members of an `ExecuteStatement` answer that we read. */
export type WireAnswer = {
  readonly columnMetadata?: readonly ColumnMetadata[];
  readonly records?: readonly (readonly WireField[])[];
  readonly numberOfRecordsUpdated?: number;
};

type Refusal = { readonly status: number; readonly type: string | string[] | undefined; readonly body: string };

/** An answer that is no success, as an error with the name of the service's exception and its message. */
export function exceptionOf({ status, type, body }: Refusal): Error {
  const { code, __type, message, Message } = membersOf(body);
  const named = [type, code, __type].find((name) => typeof name === 'string');
  // Something on the way, a load balancer, knows no names: what it says of the server is as good as the service's own.
  const name = named ? plainName(named) : status >= 500 ? 'ServiceUnavailableError' : 'UnknownError';
  return Object.assign(new Error(String(message ?? Message ?? `The Data API answered ${status}`)), { name });
}

/** `aws.protocoltests#FooError:http://…` is `FooError` (Smithy's restJson1 protocol, operation errors). */
const plainName = (name: string) => name.replace(/[,:].*$/s, '').replace(/^.*#/, '');

function membersOf(body: string): Readonly<Record<string, unknown>> {
  try {
    return { ...JSON.parse(body) };
  } catch {
    return {}; // a page of HTML
  }
}
