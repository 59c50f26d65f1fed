import * as z from 'zod';

/** What a reader returns instead of a value: the detail of the error. */
export class Wrong {
  readonly detail: string;

  constructor(detail: string) {
    this.detail = detail;
  }
}

/**
 * A schema from a function that reads one value or says what is wrong with it. `documentation` is its JSON Schema as it
 * stands: what a transform accepts, zod cannot tell by itself.
 */
export function scalar<Value>(read: (value: unknown) => Value | Wrong, documentation: Documentation) {
  return z
    .unknown()
    .transform((value, context): Value => {
      const result = value === undefined ? new Wrong('is required') : read(value);
      if (!(result instanceof Wrong)) return result;
      context.issues.push({ code: 'custom', message: result.detail, input: value });
      return z.NEVER;
    })
    .meta(documentation);
}

export type Documentation = {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly examples?: unknown[];
  readonly [keyword: string]: unknown;
};
