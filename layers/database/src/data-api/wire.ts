import { text } from 'node:stream/consumers';
import type { ColumnMetadata, ExecuteStatementCommand, Field } from '@aws-sdk/client-rds-data';

/** A field as it goes over the wire: bytes are base64. */
export type WireField = Omit<Field, 'blobValue' | '$unknown'> & { readonly blobValue?: string };

/** The members of an `ExecuteStatement` answer that we read. */
export type WireAnswer = {
  readonly columnMetadata?: readonly ColumnMetadata[];
  readonly records?: readonly (readonly WireField[])[];
  readonly numberOfRecordsUpdated?: number;
};

/**
 * Keeps the command's answer as it comes over the wire and hands the SDK an empty one. The SDK walks every field of
 * every record through its schema, which takes four times as long as `JSON.parse`: 16 ms more for 1 MiB. Errors stay
 * the SDK's to read.
 */
export function keepAnswer(command: ExecuteStatementCommand): () => WireAnswer {
  let answer: WireAnswer = {};
  command.middlewareStack.add(
    (next) => async (request) => {
      const result = await next(request);
      if (isSuccess(result.response)) {
        answer = JSON.parse(await text(result.response.body));
        Object.assign(result.response, { body: NOTHING });
      }
      return result;
    },
    // After the request has been signed and sent, before the SDK reads the answer.
    { step: 'deserialize', priority: 'low', name: 'keepAnswer' },
  );
  return () => answer;
}

const NOTHING = Buffer.from('{}');

type Success = { readonly statusCode: 200; body: AsyncIterable<Uint8Array> };

const isSuccess = (response: unknown): response is Success =>
  typeof response === 'object' && response !== null && 'statusCode' in response && response.statusCode === 200;
