import type { Instant, LocalDate } from '@inventory/models';
import { scalar, Wrong } from './scalar.ts';

/** RFC 3339 with any offset, as UTC to the millisecond (further digits are cut off). */
export const instant = (description: string) =>
  scalar(readInstant, { type: 'string', format: 'date-time', description, examples: ['2026-01-31T12:00:00Z'] });

/** A calendar date, `2026-01-31`. */
export const date = (description: string) =>
  scalar(readDate, { type: 'string', format: 'date', description, examples: ['2026-06-30'] });

/** Reads an instant as contracts accept it: from 1900 to 9999, the date must exist. */
export function readInstant(value: unknown): Instant | Wrong {
  const match = typeof value === 'string' ? RFC_3339.exec(value) : null;
  const [, day = '', time = '', fraction = '', offset = ''] = match ?? [];
  if (!match) return new Wrong('must be an RFC 3339 time such as 2026-01-31T12:00:00Z');
  if (!isDate(day)) return new Wrong(`${day} is not a date from 1900 to 9999`);
  const moment = Date.parse(`${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${offset.toUpperCase()}`);
  const normalised = new Date(moment).toISOString();
  return isDate(normalised.slice(0, 10)) ? normalised : new Wrong('must be from 1900 to 9999');
}

function readDate(value: unknown): LocalDate | Wrong {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value))
    return new Wrong('must be a date such as 2026-01-31');
  return isDate(value) ? value : new Wrong(`${value} is not a date from 1900 to 9999`);
}

const RFC_3339 =
  /^(\d{4}-\d{2}-\d{2})[Tt]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,30}))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Years are compared as text, and only those of four digits keep text order and time order the same. */
function isDate(day: string): boolean {
  const moment = new Date(`${day}T00:00:00Z`);
  return day.length === 10 && day >= '1900' && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(day);
}
