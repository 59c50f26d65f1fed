import { hiddenRowsOf, parameters } from '../parameters.ts';
import type { Queryable } from '../queryable.ts';

type NamedLine = { readonly orderId: string; readonly lineNumber: number };

/** Those of the named lines that their orders do not have, open or not, in the order given. */
export async function unknownLines<Line extends NamedLine>(
  database: Queryable,
  lines: readonly Line[],
): Promise<readonly Line[]> {
  const bound = parameters();
  const named = hiddenRowsOf(
    bound,
    'named',
    [...lines.entries()],
    [
      ['place', 'integer', ([place]) => place],
      ['order_id', 'uuid', ([, { orderId }]) => orderId],
      ['line_number', 'integer', ([, { lineNumber }]) => lineNumber],
    ],
  );
  const rows = await database.query({
    text: `WITH ${named}
SELECT place FROM named n WHERE NOT EXISTS (
  SELECT 1 FROM order_lines l WHERE l.order_id = n.order_id AND l.line_number = n.line_number) ORDER BY place`,
    values: bound.values,
  });
  return rows.flatMap(({ place }) => lines[Number(place)] ?? []);
}
