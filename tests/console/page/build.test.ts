import { expect, test } from 'vitest';
import { buildPage } from '../../../functions/console/page/build.ts';

const { script, style } = await buildPage();

test('is small: it comes whole with the first answer', () => {
  expect(script.length).toBeLessThan(120_000);
  expect(style.length).toBeLessThan(20_000);
});

test('can stand in a page: nothing in it ends its element', () => {
  expect(script).not.toMatch(/<\/script|<!--/i);
  expect(style).not.toMatch(/<\/style/i);
});

test('names no other host and evaluates no text', () => {
  const addresses = script.match(/https?:\/\/[\w.-]+/g) ?? [];

  // Names of namespaces, of XML and of OAuth, which nothing is loaded from.
  expect(addresses.filter((address) => !/www\.w3\.org$/.test(address))).toEqual([]);
  expect(`${script}${style}`).not.toMatch(/\beval\(|new Function\(|@import|url\(/);
});
