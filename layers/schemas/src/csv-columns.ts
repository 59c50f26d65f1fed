import * as z from 'zod';
import type { Contract } from './contract.ts';

/** The columns of a list as CSV: the members of its items; those of an object in them as `object.member`. */
export function csvColumns(contract: Contract): readonly string[] {
  const item = contract.replies[200]?.schema;
  return item ? columnsOf(itemOf(item)) : [];
}

/** The item of a page, where a schema is a page or may be one. */
function itemOf(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodUnion) return itemOf(schema.options.at(-1) ?? schema);
  const items = schema instanceof z.ZodObject ? schema.shape.items : undefined;
  return items instanceof z.ZodArray ? items.element : schema;
}

function columnsOf(schema: z.core.$ZodType): string[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([member, of]) =>
    of instanceof z.ZodObject ? columnsOf(of).map((inner) => `${member}.${inner}`) : [member],
  );
}
