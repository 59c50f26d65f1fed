import type { Instant } from '@inventory/models';
import { parameters } from './parameters.ts';
import type { Queryable } from './queryable.ts';

export type NamedReservation = {
  readonly id: string;
  readonly sku: string;
  /** Neither used, nor given up, nor expired at the server's clock. */
  readonly isActive: boolean;
  /** Some line names it already. */
  readonly isTaken: boolean;
};

/** What order lines may name: the SKU of each lot that exists, and the reservations that do. */
export type Named = {
  readonly skus: ReadonlyMap<string, string>;
  readonly reservations: ReadonlyMap<string, NamedReservation>;
};

/** Answers of the Data API hold 1 MiB, and a SKU may take 400 bytes. */
const PER_CALL = 1_500;

/** Looks up what new order lines name; one call for up to 1,500 lots and reservations. */
export async function findNamed(
  database: Queryable,
  of: { inventoryIds: readonly string[]; reservationIds: readonly string[]; now: Instant },
): Promise<Named> {
  const skus = new Map<string, string>();
  const reservations = new Map<string, NamedReservation>();
  const ids = [...new Set([...of.inventoryIds, ...of.reservationIds])];
  for (let from = 0; from < ids.length; from += PER_CALL) {
    const bound = parameters();
    const rows = await database.query({
      text: `WITH named AS MATERIALIZED (SELECT id FROM unnest(${bound.bind(ids.slice(from, from + PER_CALL), 'uuid[]')}) AS n(id))
SELECT 'LOT' AS kind, id, sku, NULL::boolean AS active, NULL::boolean AS taken FROM inventories JOIN named USING (id)
UNION ALL
SELECT 'RESERVATION', id, sku, status = 'ACTIVE' AND expires_at > ${bound.bind(of.now, 'timestamptz')},
  EXISTS (SELECT 1 FROM order_lines l WHERE l.reservation_id = r.id)
FROM reservations r JOIN named USING (id)`,
      values: bound.values,
    });
    for (const { kind, id: uuid, sku, active, taken } of rows) {
      const id = String(uuid);
      if (kind === 'LOT') skus.set(id, String(sku));
      else reservations.set(id, { id, sku: String(sku), isActive: active === true, isTaken: taken === true });
    }
  }
  return { skus, reservations };
}
