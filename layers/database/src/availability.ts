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
    text: `WITH chosen AS MATERIALIZED (${chosen}),
lot AS (
  SELECT i.sku, ${here} AS here, i.remaining_quantity, i.allocated_quantity,
    i.remaining_quantity - i.allocated_quantity AS open_quantity,
    CASE WHEN i.status = 'ON_HOLD' THEN 'HELD'
      WHEN i.expires_on < ${bound.bind(view.today, 'date')} THEN 'EXPIRED' ELSE 'FREE' END AS state
  FROM chosen JOIN inventories i USING (sku)
  WHERE i.remaining_quantity > 0 AND i.received_at <= ${bound.bind(view.asOf, 'timestamptz')}),
stock AS (
  SELECT sku, sum(remaining_quantity) FILTER (WHERE here) AS on_hand, sum(allocated_quantity) FILTER (WHERE here) AS allocated,
    sum(open_quantity) FILTER (WHERE here AND state = 'HELD') AS on_hold,
    sum(open_quantity) FILTER (WHERE here AND state = 'EXPIRED') AS expired,
    sum(open_quantity) FILTER (WHERE state = 'FREE') AS covering,
    sum(open_quantity) FILTER (WHERE here AND state = 'FREE') AS covering_here
  FROM lot GROUP BY sku),
hold AS (
  SELECT r.sku, sum(r.quantity) AS quantity, sum(r.quantity) FILTER (WHERE ${here}) AS quantity_here
  FROM chosen JOIN reservations r USING (sku)
  WHERE r.status = 'ACTIVE' AND r.expires_at > ${bound.bind(view.now, 'timestamptz')} GROUP BY r.sku)
SELECT c.sku, coalesce(on_hand, 0)::text AS on_hand, coalesce(allocated, 0)::text AS allocated,
  coalesce(on_hold, 0)::text AS on_hold, coalesce(expired, 0)::text AS expired,
  coalesce(h.quantity_here, 0)::text AS reserved,
  greatest(0, least(coalesce(covering, 0) - coalesce(h.quantity, 0),
    coalesce(covering_here, 0) - coalesce(h.quantity_here, 0)))::text AS available
FROM chosen c LEFT JOIN stock s USING (sku) LEFT JOIN hold h USING (sku) ORDER BY c.sku COLLATE "C"`,
    values: bound.values,
  });
}

const availabilityOf = (row: Row): Availability => ({
  sku: String(row.sku),
  onHand: parseDecimal(String(row.on_hand)),
  allocated: parseDecimal(String(row.allocated)),
  reserved: parseDecimal(String(row.reserved)),
  onHold: parseDecimal(String(row.on_hold)),
  expired: parseDecimal(String(row.expired)),
  available: parseDecimal(String(row.available)),
});
