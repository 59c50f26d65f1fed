import * as z from 'zod';

/** A member that may be left out; `null` is the same as absent, and both are read as null. */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? null);

/** A member with a default, which `null` takes as well (`.default()` of zod would refuse it). */
export const withDefault = <Schema extends z.ZodType, const Value>(schema: Schema, value: Value) =>
  schema
    .nullish()
    .transform((given): NonNullable<z.output<Schema>> | Value => given ?? value)
    .meta({ default: typeof value === 'bigint' ? String(value) : value });

/** A list whose length is judged before its items, so that a hostile one costs nothing. */
export const list = <Item extends z.ZodType>(item: Item, { min = 1, max }: { min?: number; max: number }) =>
  z.preprocess((value, context) => {
    if (!Array.isArray(value) || value.length <= max) return value;
    context.issues.push({ code: 'custom', message: `must have at most ${max} items`, input: value });
    return z.NEVER;
  }, z.array(item).min(min).max(max));
