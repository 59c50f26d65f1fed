import * as z from 'zod';
import { integerText } from './number.ts';
import { optional, withDefault } from './presence.ts';

/** What every list takes beside its filters. The HTTP shell checks the cursor, which belongs to path and filters. */
export const pageQuery = {
  limit: withDefault(integerText({ min: 1, max: 200 }, 'How many items a page has.'), 50),
  cursor: optional(z.string().meta({ description: '`nextCursor` of the page before, with the same filters.' })),
};

/** A page of a list. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'Give it as `cursor` to read on; null at the end.' }),
  });
