import { beforeAll, describe, expect, test, vi } from 'vitest';
import { rules } from './rules/index.ts';
import { readSource, render, renderChanged, renderingNames, type Stack } from './stack.ts';

const defects = rules.flatMap((rule) =>
  Object.entries(rule.defects).map(([defect, edit]) => ({
    rule,
    name: `${rule.name}: ${defect}`,
    edit,
    seenIn: rule.seenIn ?? 'prod',
  })),
);

// The transform is SAM's own, in Python; and two cores may have more to do.
const withoutSam = process.env.WITHOUT_SAM === 'true';
vi.setConfig({ testTimeout: 60_000, hookTimeout: 240_000 });

describe.skipIf(withoutSam)('the template', () => {
  let stack: Stack;
  let broken: ReadonlyMap<string, Stack>;

  beforeAll(async () => {
    stack = await render(await readSource(), renderingNames);
    const changed = await renderChanged(stack, defects);
    broken = new Map(defects.map(({ name }, index) => [name, changed[index]!]));
  });

  describe('keeps the rule that', () => {
    test.each(rules)('$name', (rule) => {
      expect(rule.check(stack)).toEqual([]);
    });
  });

  describe('would be caught by its rule if', () => {
    test.each(defects)('$name', ({ name, rule }) => {
      expect(rule.check(broken.get(name)!)).not.toEqual([]);
    });
  });
});

test('every rule has a defect and a name of its own', () => {
  expect(rules.filter((rule) => Object.keys(rule.defects).length === 0).map(({ name }) => name)).toEqual([]);
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  expect(new Set(defects.map(({ name }) => name)).size).toBe(defects.length);
});
