import { expect, test } from 'vitest';
import { dateIn, daysBetween, instantIn, timeIn } from '../../../functions/console/page/format/time.ts';

test.each([
  ['UTC', '2026-01-31T12:00:30.000Z', '2026-01-31 12:00'],
  ['Europe/Berlin', '2026-06-30T22:30:00.000Z', '2026-07-01 00:30'],
  ['Asia/Tokyo', '2026-01-31T20:00:00.000Z', '2026-02-01 05:00'],
])('in %s %s is shown as %s', (zone, instant, shown) => expect(timeIn(zone, instant)).toBe(shown));

test.each([
  ['UTC', '2026-01-31T13:00', '2026-01-31T13:00:00.000Z'],
  ['Europe/Berlin', '2026-01-31T13:00', '2026-01-31T12:00:00.000Z'],
  ['Europe/Berlin', '2026-07-31T13:00', '2026-07-31T11:00:00.000Z'],
  ['Asia/Kolkata', '2026-01-31T00:15', '2026-01-30T18:45:00.000Z'],
  ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:30:00.000Z'], // the clock skips it
  ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z'], // the clock has it twice
  ['America/New_York', '2026-11-01T00:30', '2026-11-01T04:30:00.000Z'],
])('in %s %s names %s', (zone, local, instant) => expect(instantIn(zone, local)).toBe(instant));

test('dates are those of the zone', () => {
  expect(dateIn('Asia/Tokyo', new Date('2026-01-31T20:00:00Z'))).toBe('2026-02-01');
  expect([daysBetween('2026-01-31', '2026-02-02'), daysBetween('2026-02-02', '2026-01-31')]).toEqual([2, -2]);
});
