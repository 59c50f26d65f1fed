import { JsonNumber } from '@inventory/schemas';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../functions/http/json.ts';
import { processorTime } from '../../cpu.ts';

const nested = (depth: number, inside = '') => '['.repeat(depth) + inside + ']'.repeat(depth);

describe('JSON', () => {
  test.each([
    '{"a":[1,-2.5,0,true,false,null,"text",{"b":{}}],"":[]}',
    ' \t\r\n[ 1 , 2 ] ',
    '"\\u0041\\n\\"\\\\ \\ud83d\\udc4d é 👍"',
    '{"a b":1,"constructor":2,"toString":3}',
    'true',
    '0',
  ])('is read as JSON.parse reads it: %s', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test('keeps the digits of a number that a double would lose', () => {
    expect(parseJson('[1.50, 123456789012.123456, 1e2, -0, 12345678901234567890, 0.1]')).toEqual([
      new JsonNumber('1.50'),
      new JsonNumber('123456789012.123456'),
      new JsonNumber('1e2'),
      new JsonNumber('-0'),
      new JsonNumber('12345678901234567890'),
      0.1,
    ]);
  });

  test('gives no member a way to a prototype', () => {
    const value = parseJson('{"__proto__":{"isAdmin":true}}');

    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.keys(Object(value))).toEqual(['__proto__']);
    expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false);
  });

  test.each([
    ['', 'needs a value (line 1, column 1)'],
    ['{"a":1,\n "a":2}', 'has the key "a" twice (line 2, column 5)'],
    ['{"a":1,}', 'needs a key (line 1, column 8)'],
    ['[1,]', 'needs a value'],
    ['[1 2]', 'needs a comma or the end of the array'],
    ['{"a" 1}', 'needs a colon'],
    ['{"a":1', 'needs a comma or the end of the object'],
    ['{a:1}', 'needs a key'],
    ["{'a':1}", 'needs a key'],
    ['[01]', 'needs a comma'],
    ['[.5]', 'needs a value'],
    ['[+1]', 'needs a value'],
    ['[NaN]', 'needs a value'],
    ['[nul]', 'needs a value'],
    ['"\n"', 'has a text that does not end or holds a control character'],
    ['"abc', 'has a text that does not end'],
    ['"abc\\', 'has a text that does not end'],
    ['"\\x41"', 'has a text with a wrong escape'],
    ['{} {}', 'ends too late'],
    ['// no\n{}', 'needs a value'],
  ])('is not %j', (text, detail) => {
    expect(() => parseJson(text)).toThrow(`The body ${detail}`);
  });

  test('is nested up to 32 deep', () => {
    expect(parseJson(nested(32))).toBeDefined();
    expect(() => parseJson(nested(33))).toThrow('nested deeper than 32');
    expect(() => parseJson('{"a":'.repeat(40))).toThrow('nested deeper than 32');
    expect(() => parseJson(nested(2_000_000))).toThrow('nested deeper than 32');
    expect(parseJson(`"${nested(40)}"`)).toBe(nested(40));
  });

  test.each([
    ['numbers', `[${'1.0,'.repeat(1_000_000)}0]`],
    ['keys', `{${Array.from({ length: 300_000 }, (_, index) => `"k${index}":0`).join()}}`],
    ['escapes', `"${'\\n'.repeat(2_000_000)}"`],
  ])('of 4 MiB of %s is read in a moment', async (_, text) => {
    expect(await processorTime(async () => parseJson(text))).toBeLessThan(1_500);
  });
});
