import { addDays, dateOf, daysBetween, effectiveTime, monthOf, startOfMonth } from '@inventory/models';
import { expect, test } from 'vitest';

test.each([
  ['2026-02', 'UTC', '2026-02-01T00:00:00.000Z'],
  ['2026-02', 'Europe/Berlin', '2026-01-31T23:00:00.000Z'],
  ['2026-07', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
  ['2026-11', 'America/New_York', '2026-11-01T04:00:00.000Z'],
  ['2026-03', 'Pacific/Kiritimati', '2026-02-28T10:00:00.000Z'],
  ['2026-03', 'Etc/GMT+12', '2026-03-01T12:00:00.000Z'],
  // Clocks went forward at midnight: the month began at 01:00.
  ['2018-11', 'America/Sao_Paulo', '2018-11-01T03:00:00.000Z'],
  ['2017-10', 'America/Asuncion', '2017-10-01T04:00:00.000Z'],
])('%s in %s begins at %s', (month, timeZone, instant) => {
  expect(startOfMonth(month, timeZone)).toBe(instant);

  const before = new Date(Date.parse(instant) - 1).toISOString();
  expect([monthOf(before, timeZone) < month, monthOf(instant, timeZone)]).toEqual([true, month]);
});

test('a date is that of the time zone', () => {
  expect(dateOf('2026-01-31T23:30:00.000Z', 'UTC')).toBe('2026-01-31');
  expect(dateOf('2026-01-31T23:30:00.000Z', 'Asia/Tokyo')).toBe('2026-02-01');
});

test('days are counted across months and years', () => {
  expect(daysBetween('2026-02-28', '2026-03-01')).toBe(1);
  expect(daysBetween('2026-01-01', '2025-12-31')).toBe(-1);
  expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
});

test('nothing counts before the first open month', () => {
  const opened = '2026-02-01T00:00:00.000Z';

  expect(effectiveTime('2026-01-05T00:00:00.000Z', opened)).toBe(opened);
  expect(effectiveTime('2026-02-05T00:00:00.000Z', opened)).toBe('2026-02-05T00:00:00.000Z');
  expect(effectiveTime('2026-01-05T00:00:00.000Z', null)).toBe('2026-01-05T00:00:00.000Z');
});
