import { describe, expect, test } from 'vitest';
import {
  compareDecimals,
  difference,
  grouped,
  isZero,
  percent,
  share,
  signed,
  sum,
  unitCost,
} from '../../../functions/console/page/format/decimal.ts';

describe('a decimal is shown as the API wrote it', () => {
  test.each([
    ['0', '0'],
    ['999', '999'],
    ['1000', '1,000'],
    ['1234567.50', '1,234,567.50'],
    ['-1234.5', '−1,234.5'],
    ['9007199254740993.000001', '9,007,199,254,740,993.000001'],
    ['100000.123456', '100,000.123456'],
  ])('%s is %s', (text, shown) => expect(grouped(text)).toBe(shown));

  test.each([
    ['5.35', '+5.35'],
    ['-2', '−2'],
    ['0.00', '0'],
  ])('as a difference %s is %s', (text, shown) => expect(signed(text)).toBe(shown));

  test.each([
    ['12.000000', 2, '12.00'],
    ['14.333333', 2, '14.333333'],
    ['0.500000', 0, '0.5'],
    ['1200.000000', 0, '1,200'],
  ])('as a unit cost %s with %d digits is %s', (text, digits, shown) => expect(unitCost(text, digits)).toBe(shown));
});

test.each([
  ['0.681818', '68.2 %'],
  ['1.000000', '100.0 %'],
  ['0.000000', '0.0 %'],
  ['0.864950', '86.5 %'],
  ['0.999999', '99.9 %'], // not all of it
])('a rate of %s is %s', (rate, shown) => expect(percent(rate)).toBe(shown));

test('sums and differences are exact', () => {
  expect(sum(['0.1', '0.2', '9007199254740993'])).toBe('9007199254740993.3');
  expect(difference('48161.03', '48155.68')).toBe('5.35');
  expect(difference('2', '2.5')).toBe('-0.5');
  expect(difference('140.00', '170.00')).toBe('-30.00');
});

test('decimals compare by value', () => {
  expect(['10', '9.5', '9.50', '-1'].toSorted(compareDecimals)).toEqual(['-1', '9.5', '9.50', '10']);
  expect([isZero('0.00'), isZero('0'), isZero('0.01')]).toEqual([true, true, false]);
});

test('the share of nothing is nothing, and none is more than the whole', () => {
  expect([share('1', '0'), share('3', '12'), share('5', '4')]).toEqual([0, 0.25, 1]);
});
