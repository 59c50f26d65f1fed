/** An instant in the stack's time zone, to the minute: `2026-01-31 13:00`. */
export function timeIn(timeZone: string, instant: string): string {
  const { year, month, day, hour, minute } = partsIn(timeZone, new Date(instant));
  return `${year}-${month}-${day} ${hour}:${minute}`;
}

/** Today in the stack's time zone: `2026-01-31`. */
export function dateIn(timeZone: string, instant: Date): string {
  const { year, month, day } = partsIn(timeZone, instant);
  return `${year}-${month}-${day}`;
}

/**
 * The instant that `2026-01-31T13:00`, as a form has it, names in the stack's time zone. An hour that the clock skips is read
 * as the one after it, of an hour that it repeats the first.
 */
export function instantIn(timeZone: string, local: string): string {
  const wanted = Date.parse(`${local}Z`);
  const offsetAt = (time: number) => asUtc(partsIn(timeZone, new Date(time))) - Math.floor(time / 1000) * 1000;
  const candidates = [offsetAt(wanted - 86_400_000), offsetAt(wanted + 86_400_000)].map((offset) => wanted - offset);
  const exact = candidates.filter((time) => time + offsetAt(time) === wanted);
  return new Date(exact.length > 0 ? Math.min(...exact) : Math.max(...candidates)).toISOString();
}

/** Whole days from one date to another; negative when the other is earlier. */
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

type Parts = Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string>>;

const formats = new Map<string, Intl.DateTimeFormat>();

function partsIn(timeZone: string, date: Date): Parts {
  let format = formats.get(timeZone);
  if (!format) {
    const two = '2-digit';
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, value]));
  return { year: '', month: '', day: '', hour: '', minute: '', second: '', ...parts };
}

const asUtc = ({ year, month, day, hour, minute, second }: Parts) =>
  Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
