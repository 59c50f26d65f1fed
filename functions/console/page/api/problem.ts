import type { ErrorCode, FieldError } from '@inventory/models';
import type { Shortage } from '../answers.ts';

/** A wrong cell of a CSV file. The header is row 1. */
export type RowError = { readonly row: number; readonly column: string | null; readonly detail: string };

type Document = {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: ErrorCode;
  readonly errors?: readonly (FieldError | RowError)[];
  readonly shortages?: readonly Shortage[];
};

/** A refusal as the API tells it (RFC 9457), or what stands for one when nothing came back that can be read. */
export class Problem extends Error {
  /** 0 when there was no answer at all. */
  readonly status: number;
  readonly title: string;
  readonly code: ErrorCode | null;
  readonly fields: readonly FieldError[];
  readonly rows: readonly RowError[];
  readonly shortages: readonly Shortage[];

  constructor(status: number, document: Document) {
    super(document.detail ?? '');
    this.name = 'Problem';
    this.status = status;
    this.title = document.title ?? titleOf(status);
    this.code = document.code ?? null;
    const errors = document.errors ?? [];
    this.fields = errors.filter((error): error is FieldError => 'pointer' in error);
    this.rows = errors.filter((error): error is RowError => 'row' in error);
    this.shortages = document.shortages ?? [];
  }

  /** What is wrong with the field at this pointer, if anything. */
  at(pointer: string): string | undefined {
    return this.fields.find((field) => field.pointer === pointer)?.detail;
  }
}

/** What an answer that is no success says. A gateway that speaks no problem+json is understood too. */
export async function problemOf(response: Response): Promise<Problem> {
  const document: unknown = await response.json().catch(() => null);
  return new Problem(response.status, typeof document === 'object' && document !== null ? document : {});
}

export const unreachable = (): Problem =>
  new Problem(0, {
    title: 'The server cannot be reached',
    detail: 'Nothing came back. Whether the request arrived is not known; sending it again is safe.',
  });

/** For what was thrown anywhere between a click and an answer. */
export const asProblem = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : new Problem(0, { title: 'Something went wrong', detail: error instanceof Error ? error.message : String(error) });

/** An explanation takes up to 200 lines; without it the same request would do. */
export const isOnlyTooLongToExplain = (problem: Problem): boolean =>
  problem.fields.length === 1 && problem.at('/explain') !== undefined;

const titleOf = (status: number) => {
  if (status === 401) return 'A valid token is required';
  if (status === 403) return 'The token does not allow this';
  return status >= 500 ? 'The server did not answer in time' : `The server answered ${status}`;
};
