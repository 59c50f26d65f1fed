import { beforeAll, describe, expect, test, vi } from 'vitest';
import { readSource } from '../template/stack.ts';
import { actionsOfHandlers } from './handlers.ts';
import { rules } from './rules/index.ts';
import { readFiles, render, type Source } from './template.ts';

const withoutSam = process.env.WITHOUT_SAM === 'true'; // it reads the application's template
vi.setConfig({ hookTimeout: 240_000 }); // the first time it installs the SAM CLI
let source: Source;
const defects = rules.flatMap((rule) => Object.keys(rule.defects).map((defect) => ({ rule, defect })));

beforeAll(async () => {
  if (withoutSam) return;
  const { template: application, configuration } = await readSource();
  source = { ...readFiles(), application, handlers: await actionsOfHandlers(application), configuration };
});

test.skipIf(withoutSam).each(rules)('$name', (rule) => {
  expect([...rule.check(render(source))]).toEqual([]);
});

describe.skipIf(withoutSam)('a defect is caught by its rule', () => {
  test.each(defects)('$rule.name: $defect', ({ rule, defect }) => {
    const broken = rule.defects[defect]!(source);

    expect([...rule.check(render(broken))]).not.toEqual([]);
  });

  test('every rule has one, and a name of its own', () => {
    expect(rules.filter((rule) => Object.keys(rule.defects).length === 0).map(({ name }) => name)).toEqual([]);
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  });
});
