import { findAnswer, findNamed, type Named } from '@inventory/database';
import { DomainError, type ErrorCode, type FieldError, pickFaults } from '@inventory/models';
import type { OrderRequest } from '@inventory/schemas';
import { replay } from '../http/replay.ts';
import type { Context, Reply, Request } from '../http/use-case.ts';

type Asking = Pick<Request<unknown, unknown, unknown>, 'idempotency' | 'now'>;
type Line = OrderRequest['lines'][number];
type Fault = FieldError & { readonly code: ErrorCode };

/**
 * Refuses lines that name what they cannot use: lots that are unknown or of another SKU, reservations that are unknown,
 * of another SKU, not active, or another line's (product.md 2 and 5). No call where nothing is named.
 * Returns the stored answer where an equal request came first: what it named is taken by now, and rightly so.
 */
export async function checkReferences(
  lines: readonly { readonly line: Line; readonly pointer: string }[],
  { idempotency, now }: Asking,
  { database }: Context,
): Promise<Reply | null> {
  const inventoryIds = lines.flatMap(({ line }) => line.picks?.map(({ inventoryId }) => inventoryId) ?? []);
  const reservationIds = lines.flatMap(({ line }) => line.reservationId ?? []);
  if (inventoryIds.length + reservationIds.length === 0) return null;

  const named = await findNamed(database, { inventoryIds, reservationIds, now });
  const taken = new Set([...named.reservations.values()].filter(({ isTaken }) => isTaken).map(({ id }) => id));
  const faults = lines.flatMap(({ line, pointer }) => [
    ...pickFaults(line, pointed(line, pointer), named.skus),
    ...reservationFaults(line, `${pointer}/reservationId`, named, taken),
  ]);
  const gravest = gravity.find((code) => faults.some((fault) => fault.code === code));
  if (!gravest) return null;

  const earlier = idempotency && (await findAnswer(database, idempotency.key, now));
  if (earlier) return replay(earlier, idempotency);
  throw new DomainError(gravest, faults.find(({ code }) => code === gravest)?.detail ?? '', {
    errors: faults.map(({ pointer, detail }) => ({ pointer, detail })),
  });
}

/** A wrong field goes before a state that does not allow it. */
const gravity = ['VALIDATION_FAILED', 'PICK_SKU_MISMATCH', 'PICKS_EXCEED_LINE', 'STATE_CONFLICT'] as const;

const pointed = ({ picks }: Line, pointer: string) =>
  picks?.map((pick, index) => ({ ...pick, pointer: `${pointer}/picks/${index}/inventoryId` })) ?? [];

/** `taken` grows by what this request names. */
function reservationFaults(
  { reservationId: id, sku }: Line,
  pointer: string,
  { reservations }: Named,
  taken: Set<string>,
): Fault[] {
  if (id === null) return [];
  const found = reservations.get(id);
  const fault = (code: ErrorCode, detail: string): Fault[] => [{ code, pointer, detail }];
  if (!found) return fault('VALIDATION_FAILED', `There is no reservation ${id}`);
  if (found.sku !== sku) return fault('VALIDATION_FAILED', `Reservation ${id} is of ${found.sku}, the line of ${sku}`);
  if (!found.isActive) return fault('STATE_CONFLICT', `Reservation ${id} is not active`);
  if (taken.has(id)) return fault('STATE_CONFLICT', `Another line names reservation ${id}`);
  taken.add(id);
  return [];
}
