/** A moment in UTC to the millisecond, always written `2026-01-31T23:59:59.999Z`, so that text order is time order. */
export type Instant = string;

/** A calendar date `2026-01-31` in the stack's time zone. */
export type LocalDate = string;

/** A calendar month `2026-01` in the stack's time zone. */
export type Month = string;

/** The date on which `instant` falls in an IANA time zone. */
export function dateOf(instant: Instant, timeZone: string): LocalDate {
  if (timeZone === 'UTC') return instant.slice(0, 10);
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(instant),
  );
}

/** The month in which `instant` falls in an IANA time zone. */
export const monthOf = (instant: Instant, timeZone: string): Month => dateOf(instant, timeZone).slice(0, 7);

/** The first instant of a month in an IANA time zone, also where its clocks change in that night. */
export function startOfMonth(month: Month, timeZone: string): Instant {
  const midnight = Date.parse(`${month}-01T00:00:00.000Z`);
  if (timeZone === 'UTC') return new Date(midnight).toISOString();
  // Zones lie between UTC-12 and UTC+14; the date never goes back, so halving finds the millisecond at which it turns.
  let before = midnight - 15 * HOUR;
  let within = midnight + 15 * HOUR;
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (monthOf(new Date(middle).toISOString(), timeZone) < month) before = middle;
    else within = middle;
  }
  return new Date(within).toISOString();
}

const HOUR = 3_600_000;

/**
 * When something counts that happened at `at` (product.md R4, Effective time): then, or at the first instant of the first
 * open month where that is later; null while no month is closed.
 */
export const effectiveTime = (at: Instant, firstOpenAt: Instant | null): Instant =>
  firstOpenAt !== null && firstOpenAt > at ? firstOpenAt : at;

/** Whole days from one date to another; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** The date `days` after `date`. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The first instant of the first month that is open after the last closed one; null while no month is closed. */
export function firstOpenInstant(closedThrough: Month | null, timeZone: string): Instant | null {
  if (closedThrough === null) return null;
  const [year, month] = closedThrough.split('-').map(Number) as [number, number];
  return startOfMonth(new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 7), timeZone);
}
