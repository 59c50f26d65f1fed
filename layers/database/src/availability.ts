import { type Availability, type Instant, type LocalDate, parseDecimal } from '@inventory/models';
import { type Page, type PageRequest, pageOf } from './page.ts';
import { type Parameters, parameters } from './parameters.ts';
import type { Queryable, Row } from './queryable.ts';

export type AvailabilityView = {
  /** Counts only lots here, and of the reservations only those that name it. */
  readonly location: string | null;
  /** Moves receipts, and by its date expiry. */
  readonly asOf: Instant;
  readonly today: LocalDate;
  /** The server's clock: judges reservations. */
  readonly now: Instant;
};

/** What a SKU has; all 0 for one that was never received. One call. */
export async function findAvailability(
  database: Queryable,
  sku: string,
  view: AvailabilityView,
): Promise<Availability> {
  const bound = parameters();
  const [row] = await read(database, `SELECT ${bound.bind(sku, 'text')} AS sku`, view, bound);
  return availabilityOf(row!);
}

/** What every SKU has that was ever received, by code point of the SKU; `after` is a SKU. One call. */
export async function listAvailability(
  database: Queryable,
  view: AvailabilityView,
  { limit, after }: PageRequest,
): Promise<Page<Availability>> {
  const bound = parameters();
  const chosen = `SELECT sku FROM positions ${after === null ? '' : `WHERE sku > ${bound.bind(after, 'text')}`}
  ORDER BY sku LIMIT ${bound.bind(limit + 1, 'integer')}`;
  const rows = await read(database, chosen, view, bound);
  return pageOf(rows.map(availabilityOf), limit, ({ sku }) => sku);
}

/**
 * A new reservation may take what the lots that are available, received and not expired cover beyond the active
 * reservations: in all, and at its location if it names one (product.md 2, "Reservations protect").
 */
function read(database: Queryable, chosen: string, view: AvailabilityView, bound: Parameters): Promise<readonly Row[]> {
  const location = view.location === null ? null : bound.bind(view.location, 'text');
  const here = location ? `location = ${location}` : 'true';
  return database.query({
    // LATERAL, so that only the lots of these SKUs are read, by the index, however few SKUs there are in all.
    text: `WITH chosen AS MATERIALIZED (${chosen})
SELECT c.sku, s.on_hand, s.allocated, s.on_hold, s.expired, h.quantity_here AS reserved,
  greatest(0, least(s.covering - h.quantity, s.covering_here - h.quantity_here)) AS available
FROM chosen c
CROSS JOIN LATERAL (
  SELECT ${sum('remaining_quantity', 'here')} AS on_hand, ${sum('allocated_quantity', 'here')} AS allocated,
    ${sum('open_quantity', "here AND state = 'HELD'")} AS on_hold, ${sum('open_quantity', "here AND state = 'EXPIRED'")} AS expired,
    ${sum('open_quantity', "state = 'FREE'")} AS covering, ${sum('open_quantity', "here AND state = 'FREE'")} AS covering_here
  FROM (
    SELECT ${here} AS here, remaining_quantity, allocated_quantity, remaining_quantity - allocated_quantity AS open_quantity,
      CASE WHEN status = 'ON_HOLD' THEN 'HELD'
        WHEN expires_on < ${bound.bind(view.today, 'date')} THEN 'EXPIRED' ELSE 'FREE' END AS state
    FROM inventories i
    WHERE i.sku = c.sku AND remaining_quantity > 0 AND received_at <= ${bound.bind(view.asOf, 'timestamptz')}) lot) s
CROSS JOIN LATERAL (
  SELECT ${sum('quantity', 'true')} AS quantity, ${sum('quantity', here)} AS quantity_here FROM reservations r
  WHERE r.sku = c.sku AND status = 'ACTIVE' AND expires_at > ${bound.bind(view.now, 'timestamptz')}) h
ORDER BY c.sku COLLATE "C"`,
    values: bound.values,
  });
}

const sum = (column: string, condition: string) => `coalesce(sum(${column}) FILTER (WHERE ${condition}), 0)`;

const availabilityOf = (row: Row): Availability => ({
  sku: String(row.sku),
  onHand: parseDecimal(String(row.on_hand)),
  allocated: parseDecimal(String(row.allocated)),
  reserved: parseDecimal(String(row.reserved)),
  onHold: parseDecimal(String(row.on_hold)),
  expired: parseDecimal(String(row.expired)),
  available: parseDecimal(String(row.available)),
});
