import type { CostBasis, Currency, ErrorCode, FieldError, Instant } from '@inventory/models';
import * as z from 'zod';
import { pageQuery } from './page.ts';
import type { ScopeRule } from './scopes.ts';
import type { TableForm } from './table.ts';

/** One route, whole: validation, types and OpenAPI derive from it. */
export type Contract = {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  /** Which deployed function answers. */
  readonly function: 'main' | 'allocation' | 'console';
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly scope: ScopeRule;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** Null where there is none. */
  readonly body: z.ZodType | null;
  /** May be missing, and is `{}` then. */
  readonly isBodyOptional: boolean;
  /** How a CSV file becomes what `body` takes; null where the body is JSON. */
  readonly table: TableForm | null;
  readonly bodyExamples: Readonly<Record<string, unknown>>;
  /** What only the clock or the settings show to be wrong, of the body as it came: told together with all other errors. */
  readonly rules: Rules | null;
  readonly replies: Readonly<Record<number, ReplyContract>>;
  /** Codes beside those that follow from the kind of route (`errorsOf`). */
  readonly errors: readonly ErrorCode[];
  /** A page of items: `limit`, `cursor`, CSV export. */
  readonly isList: boolean;
  /** Takes an `Idempotency-Key`. */
  readonly isIdempotent: boolean;
};

export type ReplyContract = {
  readonly description: string;
  /** Null for what is not JSON. */
  readonly schema: z.ZodType | null;
  readonly mediaType?: string;
  readonly headers?: readonly ('Location' | 'ETag')[];
  readonly example?: unknown;
};

/** What a rule may depend on beside the request. */
export type Circumstances = {
  readonly now: Instant;
  readonly currency: Currency;
  readonly allowedCosts: readonly CostBasis[];
};

export type Rules = (body: unknown, circumstances: Circumstances) => readonly CodedError[];

/** A wrong field; with a code of its own where it is not VALIDATION_FAILED. */
export type CodedError = FieldError & { readonly code?: ErrorCode };

export type ParamsOf<C extends Contract> = z.output<C['params']>;
export type QueryOf<C extends Contract> = z.output<C['query']>;
export type BodyOf<C extends Contract> = C['body'] extends z.ZodType ? z.output<C['body']> : null;

/** A contract of what a route says, with defaults for what it leaves out; members of params and query are given plain. */
export function contract<const Given extends GivenContract>(given: Given): Completed<Given> {
  const isList = given.isList ?? false;
  const completed: Contract = {
    isBodyOptional: false,
    table: null,
    bodyExamples: {},
    rules: null,
    errors: [],
    isIdempotent: given.method !== 'GET',
    body: null,
    ...given,
    isList,
    params: z.strictObject(given.params ?? {}),
    query: z.strictObject({ ...given.query, ...(isList ? pageQuery : {}) }),
  };
  // The compiler cannot follow the spread; `Completed` says of each member what stands above.
  return completed as unknown as Completed<Given>;
}

type Shape = Readonly<Record<string, z.ZodType>>;

type GivenContract = Partial<Omit<Contract, 'params' | 'query'>> &
  Pick<Contract, 'method' | 'path' | 'function' | 'tag' | 'summary' | 'description' | 'scope' | 'replies'> & {
    readonly params?: Shape;
    readonly query?: Shape;
  };

type Completed<Given extends GivenContract> = Omit<Contract, 'function' | 'params' | 'query' | 'body' | 'isList'> & {
  readonly function: Given['function'];
  readonly params: z.ZodObject<Given['params'] extends Shape ? Given['params'] : NoShape>;
  readonly query: z.ZodObject<
    (Given['query'] extends Shape ? Given['query'] : NoShape) &
      (Given['isList'] extends true ? typeof pageQuery : NoShape)
  >;
  readonly body: Given['body'] extends z.ZodType ? Given['body'] : null;
  readonly isList: Given['isList'] extends true ? true : false;
};

type NoShape = Readonly<Record<never, never>>;
