import { DomainError, type FieldError } from '@inventory/models';
import type * as z from 'zod';
import type { BodyOf, Circumstances, CodedError, Contract, ParamsOf, QueryOf } from './contract.ts';
import { describeIssue, fieldErrors } from './field-errors.ts';
import { atCells, type Gathered, gatherTable, type Table, tableRefusal } from './table.ts';

/** A request as it came: query parameters as texts, the body as JSON that no schema has seen, or as a CSV table. */
export type RawRequest = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly table: Table | null;
  /** What the shell has found to be wrong already. */
  readonly wrong: readonly FieldError[];
};

export type ParsedRequest<C extends Contract> = {
  readonly params: ParamsOf<C>;
  readonly query: QueryOf<C>;
  readonly body: BodyOf<C>;
  /** From the pointer of an error to its cell in a CSV file; null where the body is JSON. */
  readonly locate: Gathered['locate'] | null;
};

/**
 * Reads a request by its contract.
 * Throws VALIDATION_FAILED with all wrong fields of query and body at once, or the code of a rule where nothing else is
 * wrong; then NOT_FOUND for a parameter of the path that cannot name anything.
 */
export function parseRequest<C extends Contract>(contract: C, raw: RawRequest, circumstances: Circumstances) {
  const query = read(contract.query, raw.query, '/query');
  const gathered = contract.table && raw.table ? gatherTable(raw.table, contract.table) : null;
  const body = gathered ? readTable(contract, gathered, circumstances) : readBody(contract, raw.body, circumstances);
  const errors = [...query.errors, ...raw.wrong, ...body.errors];
  if (errors.length > 0) throw refusal(errors);

  const params = read(contract.params, raw.params);
  if (params.errors.length > 0) throw new DomainError('NOT_FOUND', 'There is nothing by this id');
  // What the contract's own schemas have read has the contract's types.
  const parsed = { params: params.value, query: query.value, body: body.value, locate: gathered?.locate ?? null };
  return parsed as ParsedRequest<C>;
}

/** VALIDATION_FAILED with every wrong field; or the code that the first of them brings, when all of them bring one. */
export function refusal(errors: readonly CodedError[]): DomainError {
  const fields = errors.map(({ pointer, detail }) => ({ pointer, detail }));
  const code = errors.every((error) => error.code) ? errors[0]?.code : undefined;
  if (code) return new DomainError(code, errors[0]?.detail ?? '', { errors: fields });
  return new DomainError(
    'VALIDATION_FAILED',
    fields.length === 1 ? 'A field is wrong' : `${fields.length} fields are wrong`,
    {
      errors: fields,
    },
  );
}

function readBody(contract: Contract, raw: unknown, circumstances: Circumstances): Read {
  const body = contract.body ? read(contract.body, raw) : { value: null, errors: [] };
  return { value: body.value, errors: [...body.errors, ...(contract.rules?.(raw, circumstances) ?? [])] };
}

/** A table's errors are told by row and column, before those of the query. */
function readTable(contract: Contract, gathered: Gathered, circumstances: Circumstances): Read {
  const body = readBody(contract, gathered.items, circumstances);
  const errors = [...gathered.errors, ...atCells(body.errors, gathered)];
  if (errors.length > 0) throw tableRefusal(errors);
  return body;
}

type Read = { readonly value: unknown; readonly errors: readonly CodedError[] };

function read(schema: z.ZodType, value: unknown, root = ''): Read {
  const result = schema.safeParse(value, { error: describeIssue });
  return result.success
    ? { value: result.data, errors: [] }
    : { value: null, errors: fieldErrors(result.error.issues, root) };
}
