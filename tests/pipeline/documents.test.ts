import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { BEHAVIOURS } from '../database/infrastructure/behaviours.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const runbook = read('pipeline/RUNBOOK.md');
const acceptance = read('pipeline/ACCEPTANCE.md');

type Alarm = { readonly Type: string; readonly Condition?: string };
const { Resources, Outputs }: { Resources: Record<string, Alarm>; Outputs: object } = parse(read('template.yaml'), {
  logLevel: 'silent', // CloudFormation's tags
});
const alarms = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm');
const alarmRows = [...runbook.matchAll(/^\| `(\w+Alarm)`( \*stops\*)? \|(.*)\|$/gm)].map(
  ([, name = '', stops, rest = '']) => ({ name, stops: stops !== undefined, cells: rest.split(' | ') }),
);

describe('The runbook', () => {
  test('has a line for every alarm, and for no other', () => {
    expect(alarmRows.map(({ name }) => name).sort()).toEqual(alarms.map(([name]) => name).sort());
  });

  test('says of every alarm what it means, what to look at and what to do', () => {
    const short = alarmRows.filter(({ cells }) => {
      const [meaning = '', look = '', action = ''] = cells.map((cell) => cell.trim());
      return meaning.length < 20 || look.length < 15 || (action.length < 15 && !look.includes('](#'));
    });

    expect(short).toEqual([]);
  });

  test('says which alarms stop a deployment', () => {
    const groups = read('template.yaml').match(/^ {8}Alarms: !If\n(?: {10}.*\n)+/gm) ?? [];
    const stopping = [...groups.join('').matchAll(/!Ref (\w+Alarm)\b/g)].map(([, name]) => name);

    expect(alarmRows.filter(({ stops }) => stops).map(({ name }) => name)).toEqual(stopping);
  });

  test('adds its costs up', () => {
    const tables = runbook.split('<!-- A test adds these rows up. -->').slice(1);

    for (const table of tables) {
      const rows = [...table.matchAll(/^\| .* \| (\*\*)?([\d.]+)(?:\*\*)? \|$/gm)];
      const end = rows.findIndex(([, isSum]) => isSum);
      const cents = rows.slice(0, end).reduce((sum, [, , amount]) => sum + Math.round(Number(amount) * 100), 0);
      expect(rows[end]?.[2]).toBe((cents / 100).toFixed(2));
    }
    expect(tables).toHaveLength(2);
    expect(Number(/\*\*Sum\*\* \| \| \*\*([\d.]+)/.exec(runbook)?.[1])).toBeLessThanOrEqual(5);
  });

  test('counts the alarms that it has a price for', () => {
    expect(runbook).toContain(`${alarms.filter(([, { Condition }]) => !Condition).length} × 0.10`);
  });

  test('names everything that the Jenkinsfile wants from Jenkins', () => {
    const jenkinsfile = read('pipeline/Jenkinsfile');
    const variables = [...jenkinsfile.matchAll(/env\.(INVENTORY_\w+)/g)].map(([, name]) => name);
    const credentials = [...jenkinsfile.matchAll(/credentialsId: '([^']+)'/g)].map(([, name]) => name);
    const label = [...jenkinsfile.matchAll(/(?:label|submitter:) '([^']+)'/g)].map(([, name]) => name);

    const wanted = new Set([...variables, ...credentials, ...label]);
    expect([...wanted].filter((name) => !runbook.includes(`\`${name}\``))).toEqual([]);
    expect(wanted.size).toBeGreaterThan(9);
  });
});

describe('The acceptance list', () => {
  const assumptions = BEHAVIOURS.filter(({ source }) => source.title === 'Assumption');

  test.each(assumptions)('asks AWS whether it $behaviour', ({ behaviour }) => {
    expect(acceptance).toContain(`- [ ] **${behaviour}**`);
  });

  test('begins with how Lambda finds a layer', () => {
    expect(/- \[ \] \*\*(.*?)\*\*/.exec(acceptance)?.[1]).toBe('ESM layers resolve.');
  });

  test('says of every step what is expected and what it proves', () => {
    const steps = acceptance.split('\n- [ ] ').slice(1);
    const bare = steps.filter((step) => !/Expected:\s|→/.test(step) || !/\*(Proves|If it)\b/.test(step));

    expect(steps.length).toBeGreaterThan(30);
    expect(bare).toEqual([]);
  });
});

describe.each([
  ['RUNBOOK.md', runbook],
  ['ACCEPTANCE.md', acceptance],
])('%s', (_, text) => {
  test('names files that exist', () => {
    const named = text.match(/(?<![\w/-])(?:pipeline|tests|events|layers)\/[\w/.-]*\w/g) ?? [];

    expect([...new Set(named)].filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  test('calls the scripts with options that they have', () => {
    const calls = [...text.matchAll(/pipeline\/scripts\/([\w-]+\.sh)([^`\n]*)/g)];
    const wrong = calls.flatMap(([, script = '', rest = '']) => {
      const source = read(`pipeline/scripts/${script}`);
      const options = rest.replace(/#.*/, '').match(/--[\w-]+/g) ?? [];
      return options
        .filter((option) => !new RegExp(`${option}(?![\\w-])`).test(source))
        .map((option) => `${script} ${option}`);
    });

    expect(wrong).toEqual([]);
  });

  test('names outputs, npm scripts and headings that exist', () => {
    const { scripts }: { scripts: object } = JSON.parse(read('package.json'));
    const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading.toLowerCase());
    const outputs = [...text.matchAll(/\$\(output (\w+)\)/g)].map(([, name = '']) => name);
    const npm = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    const anchors = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor.replaceAll('-', ' '));

    expect(outputs.filter((name) => !(name in Outputs))).toEqual([]);
    expect(npm.filter((name) => !(name in scripts))).toEqual([]);
    expect(anchors.filter((anchor) => !headings.map((each) => each.replaceAll('-', ' ')).includes(anchor))).toEqual([]);
  });
});
