import { contracts, JsonNumber } from '@inventory/schemas';
import { describe, expect, test } from 'vitest';
import { aLine, aLot, anOrder, parsed, refusal } from './given.ts';

const { createOrders, receiveInventories } = contracts;

describe('a decimal', () => {
  const quantityOf = (quantity: unknown) =>
    parsed(receiveInventories, { body: aLot({ quantity, unitCost: '0' }) }).body;
  const wrong = (quantity: unknown) => refusal(receiveInventories, { body: aLot({ quantity, unitCost: '0' }) }).errors;

  test.each([
    ['12', 12_000_000n],
    ['10.5', 10_500_000n],
    ['0.000001', 1n],
    ['007', 7_000_000n],
    ['999999999999.999999', 999_999_999_999_999_999n],
    [12, 12_000_000n],
    [10.5, 10_500_000n],
    [new JsonNumber('123456789012.123456'), 123_456_789_012_123_456n],
    [new JsonNumber('1.10'), 1_100_000n],
  ])('is read from %j', (given, quantity) => {
    expect(quantityOf(given)).toMatchObject({ quantity });
  });

  test.each([
    ['1234567890123', 'must have at most 12 digits before the point'],
    ['0000000000001', 'must have at most 12 digits before the point'],
    ['1.0000001', 'must have at most 6 digits after the point'],
    [new JsonNumber('1.0000000'), 'must have at most 6 digits after the point'],
    [1e-7, 'must be a decimal such as 12 or 10.5'],
    [new JsonNumber('1e2'), 'must be a decimal such as 12 or 10.5'],
    ['', 'must be a decimal such as 12 or 10.5'],
    [' 1', 'must be a decimal such as 12 or 10.5'],
    ['1,5', 'must be a decimal such as 12 or 10.5'],
    ['.5', 'must be a decimal such as 12 or 10.5'],
    ['5.', 'must be a decimal such as 12 or 10.5'],
    ['+5', 'must be a decimal such as 12 or 10.5'],
    ['0x10', 'must be a decimal such as 12 or 10.5'],
    ['１２', 'must be a decimal such as 12 or 10.5'],
    ['NaN', 'must be a decimal such as 12 or 10.5'],
    ['9'.repeat(1_000_000), 'must be a decimal such as 12 or 10.5'],
    ['-5', 'must be above 0'],
    ['0', 'must be above 0'],
    [new JsonNumber('-0'), 'must be above 0'],
    [true, 'must be a decimal, as a text or a number'],
    [{}, 'must be a decimal, as a text or a number'],
    [['5'], 'must be a decimal, as a text or a number'],
  ])('is not read from %j', (given, detail) => {
    expect(wrong(given)).toEqual([`/quantity: ${detail}`]);
  });
});

describe('a text', () => {
  const accepted = (sku: unknown) => parsed(createOrders, { body: anOrder({ lines: [aLine({ sku })] }) }).body;
  const wrong = (sku: unknown) => refusal(createOrders, { body: anOrder({ lines: [aLine({ sku })] }) }).errors;

  test.each([
    'A',
    ' A ',
    'é',
    'e\u0301',
    '日本',
    '👩‍👩‍👧',
    "'; DROP TABLE",
    '<b>',
    '=1+1',
    '-5',
    '\u2028',
    'x'.repeat(100),
  ])('is stored as it came: %j', (sku) => {
    expect(accepted(sku)).toMatchObject({ lines: [{ sku }] });
  });

  test('counts characters, not their units', () => {
    expect(accepted('👍'.repeat(100))).toBeDefined();
    expect(wrong('👍'.repeat(101))).toEqual(['/lines/0/sku: must have at most 100 characters']);
  });

  test.each([
    ['', 'must not be empty'],
    ['x'.repeat(101), 'must have at most 100 characters'],
    ['a\u0000b', 'must not contain control characters'],
    ['a\n', 'must not contain control characters'],
    ['\u007f', 'must not contain control characters'],
    ['\u0085', 'must not contain control characters'],
    ['\ud800', 'must be well-formed Unicode'],
    [5, 'must be a text'],
    [['A'], 'must be a text'],
    [null, 'must be a text'],
  ])('is not %j', (sku, detail) => {
    expect(wrong(sku)).toEqual([`/lines/0/sku: ${detail}`]);
  });
});

describe('a time', () => {
  const receivedAt = (value: unknown) => parsed(receiveInventories, { body: aLot({ receivedAt: value }) }).body;
  const wrong = (value: unknown) => refusal(receiveInventories, { body: aLot({ receivedAt: value }) }).errors;

  test.each([
    ['2026-01-31T00:00:00Z', '2026-01-31T00:00:00.000Z'],
    ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00.000Z'],
    ['2026-01-30T23:59:59.9999999-00:00', '2026-01-30T23:59:59.999Z'],
    ['2026-01-31t00:00:00.5z', '2026-01-31T00:00:00.500Z'],
    ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00.000Z'],
  ])('%s is %s in UTC', (given, instant) => {
    expect(receivedAt(given)).toMatchObject({ receivedAt: instant });
  });

  test.each([
    '2026-01-31',
    '2026-01-31T00:00:00',
    '2026-01-31 00:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T23:60:00Z',
    '2025-12-31T23:59:60Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-1-1T00:00:00Z',
    '1899-12-31T23:59:59Z',
    '1900-01-01T00:00:00+01:00',
    '+010000-01-01T00:00:00Z',
    '2026-01-31T00:00:00+24:00',
    'yesterday',
    '',
    1_700_000_000,
    {},
  ])('is not %j', (given) => {
    expect(wrong(given)).toHaveLength(1);
  });
});

describe('a date', () => {
  const errors = (expiresOn: unknown) => refusal(receiveInventories, { body: aLot({ expiresOn }) }).errors;

  test.each(['2026-02-29', '2026-04-31', '2026-00-10', '0000-01-01', '1899-12-31'])('does not exist: %s', (value) => {
    expect(errors(value)).toEqual([`/expiresOn: ${value} is not a date from 1900 to 9999`]);
  });

  test.each(['2026-2-1', '2026-02-01T00:00:00Z', '01.02.2026', 20260201])('is not written %j', (value) => {
    expect(errors(value)).toEqual(['/expiresOn: must be a date such as 2026-01-31']);
  });
});

test('a whole number may be written with a point', () => {
  expect(parsed(createOrders, { body: anOrder({ priority: new JsonNumber('3.0') }) }).body).toMatchObject({
    priority: 3,
  });
});
