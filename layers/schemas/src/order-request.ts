import * as z from 'zod';
import type { CodedError, Rules } from './contract.ts';
import { quantity, readDecimal } from './decimal.ts';
import { integer } from './number.ts';
import { list, optional, withDefault } from './presence.ts';
import { allDifferent, itemsOf, records } from './rules.ts';
import { Wrong } from './scalar.ts';
import { id, text } from './text.ts';
import { date, instant } from './time.ts';

export const LINES_OF_AN_ORDER = 2_000;
export const ORDERS_OF_A_REQUEST = 1_000;

/** No row above 64 KB comes back from the Data API, and the picks of a line are one. */
const PICKS_OF_A_LINE = 500;

/** The lots that a line names for SPECIFIC. */
export const LinePicks = list(
  z.strictObject({
    inventoryId: id('The lot.'),
    quantity: quantity('How much of it.'),
  }),
  { min: 0, max: PICKS_OF_A_LINE },
).check(allDifferent('inventoryId', (pick) => pick.inventoryId));

export const OrderLineRequest = z.strictObject({
  lineNumber: optional(
    integer({ min: 1, max: 999_999 }, 'Unique in the order; the first free number where it is left out.'),
  ),
  sku: text('What is wanted.', 'COFFEE-1KG'),
  quantity: quantity('How much is wanted.'),
  minShelfLifeDays: optional(
    integer({ min: 0, max: 36_500 }, 'Only lots that are good for so many days after the date of the run.'),
  ),
  picks: optional(LinePicks.meta({ description: 'The lots that serve the line, for SPECIFIC.' })),
  reservationId: optional(id('The reservation that the line uses; no other line may name it.')),
});

export const OrderRequest = z
  .strictObject({
    orderNumber: text("The caller's own number; exists once.", 'SO-1001'),
    customerId: optional(text("The caller's own customer.", 'C-7')),
    priority: withDefault(integer({ min: 1, max: 9 }, '1 is the most important.'), 5),
    orderedAt: optional(instant('Now where it is left out; a clock of the caller that is fast does no harm.')),
    requestedShipDate: optional(date('When the customer wants it shipped.')),
    lines: list(OrderLineRequest, { max: LINES_OF_AN_ORDER })
      .check(allDifferent('lineNumber', (line) => line.lineNumber))
      .check(allDifferent('reservationId', (line) => line.reservationId)),
  })
  .transform((order) => ({ ...order, lines: numbered(order.lines) }));
export type OrderRequest = z.output<typeof OrderRequest>;

/** One order or an array of them: the answer has the same form. */
export const OrderRequests = z.union([OrderRequest, list(OrderRequest, { max: ORDERS_OF_A_REQUEST })]);

/** What the schema cannot see in one order or an array of them: picks of more than the line. */
export const orderRules: Rules = (body) =>
  itemsOf(body).flatMap(([root, order]) => [
    ...records(order.lines).flatMap(([index, line]) => picksExceedLine(line, `${root}/lines/${index}/picks`)),
  ]);

function picksExceedLine(line: Readonly<Record<string, unknown>>, pointer: string): CodedError[] {
  const picked = records(line.picks).map(([, pick]) => readDecimal(pick.quantity));
  const sum = picked.reduce<bigint>((total, part) => total + (part instanceof Wrong ? 0n : part), 0n);
  const ordered = readDecimal(line.quantity);
  if (ordered instanceof Wrong || sum === 0n || sum <= ordered) return [];
  return [{ pointer, detail: 'names more than the quantity of the line', code: 'PICKS_EXCEED_LINE' }];
}

/** Lines without a number get the smallest ones that are free, in the order given: 1 to n where none has one. */
function numbered<Line extends { lineNumber: number | null }>(lines: readonly Line[]) {
  const taken = new Set(lines.map((line) => line.lineNumber));
  let free = 0;
  const next = () => {
    do free += 1;
    while (taken.has(free));
    return free;
  };
  return lines.map((line) => ({ ...line, lineNumber: line.lineNumber ?? next() }));
}
