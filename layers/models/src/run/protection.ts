import type { Decimal } from '../decimal.ts';
import type { Reservation } from '../stock.ts';

/**
 * What reservations keep from the lines of others (product.md 2): after each line the lots that are available, received
 * and not expired must still cover them, per location for those that name one, and in all.
 */
export type Protection = {
  /** Open units of lots that are available, received and not expired. */
  covering: Decimal;
  /** What the binding reservations hold in all. */
  reserved: Decimal;
  /** The same two per location that a binding reservation names. */
  readonly places: ReadonlyMap<string, { covering: Decimal; reserved: Decimal }>;
  /** All active ones that are not converted yet, by id; those that do not bind too. */
  readonly active: Map<string, Reservation>;
  activeQuantity: Decimal;
  readonly binds: (reservation: Reservation) => boolean;
};

/** What one line may still take: in all, and per location that is limited. */
export type Allowance = { total: Decimal; readonly places: Map<string, Decimal> };

/** The protection before any stock is counted; null where nothing is reserved, which is the fast path. */
export function newProtection(
  reservations: readonly Reservation[],
  binds: (reservation: Reservation) => boolean,
): Protection | null {
  if (reservations.length === 0) return null;
  const places = new Map<string, { covering: Decimal; reserved: Decimal }>();
  for (const { location } of reservations) if (location !== null) places.set(location, { covering: 0n, reserved: 0n });
  const protection = { covering: 0n, reserved: 0n, places, active: new Map(), activeQuantity: 0n, binds };
  for (const reservation of reservations) reactivate(protection, reservation);
  return protection;
}

/** Counts open units (negative: takes them away) among what covers the reservations. */
export function cover(protection: Protection, location: string, quantity: Decimal): void {
  protection.covering += quantity;
  const place = protection.places.get(location);
  if (place) place.covering += quantity;
}

/** The reservation that protects nothing from its own line, as long as it is active. */
export function ownReservation(protection: Protection | null, reservationId: string | null): Reservation | null {
  return (reservationId !== null && protection?.active.get(reservationId)) || null;
}

/** What a line may take without touching the reservations of others; null is without limit. */
export function allowanceOf(protection: Protection | null, own: Reservation | null): Allowance | null {
  if (protection === null) return null;
  const spared = own !== null && protection.binds(own) ? own : null;
  const places = new Map<string, Decimal>();
  for (const [location, { covering, reserved }] of protection.places) {
    places.set(location, atLeastZero(covering - reserved + (spared?.location === location ? spared.quantity : 0n)));
  }
  return { total: atLeastZero(protection.covering - protection.reserved + (spared?.quantity ?? 0n)), places };
}

/** What may still be taken at a location. */
export function allowedAt(allowance: Allowance, location: string): Decimal {
  const place = allowance.places.get(location);
  return place !== undefined && place < allowance.total ? place : allowance.total;
}

/** Lowers the allowance by what was taken at a location. */
export function spend(allowance: Allowance, location: string, quantity: Decimal): void {
  allowance.total -= quantity;
  const place = allowance.places.get(location);
  if (place !== undefined) allowance.places.set(location, place - quantity);
}

/** The reservation was used by its line: it protects no longer. */
export const deactivate = (protection: Protection, reservation: Reservation) => count(protection, reservation, -1n);

/** The reverse of `deactivate`, for an attempt that is taken back. */
export const reactivate = (protection: Protection, reservation: Reservation) => count(protection, reservation, 1n);

function count(protection: Protection, reservation: Reservation, sign: 1n | -1n): void {
  if (sign === 1n) protection.active.set(reservation.id, reservation);
  else protection.active.delete(reservation.id);
  protection.activeQuantity += sign * reservation.quantity;
  if (!protection.binds(reservation)) return;
  protection.reserved += sign * reservation.quantity;
  const place = reservation.location === null ? undefined : protection.places.get(reservation.location);
  if (place) place.reserved += sign * reservation.quantity;
}

const atLeastZero = (quantity: Decimal) => (quantity > 0n ? quantity : 0n);
