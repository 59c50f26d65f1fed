import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

/** Runs pipeline/Jenkinsfile by Groovy, in a Maven project of its own, and shows each of its tests as one here. */
const project = resolve(import.meta.dirname, '../pipeline/jenkins');
const build = mkdtempSync(join(tmpdir(), 'jenkinsfile-'));
afterAll(() => rmSync(build, { recursive: true, force: true }));

const { output, tests } = runMaven();

test('Maven runs the tests of the Jenkinsfile', () => {
  expect(tests.length, output).toBeGreaterThan(100);
});

describe.each([...Map.groupBy(tests, ({ group }) => group)])('%s', (_, members) => {
  test.each(members)('$name', ({ failure }) => {
    if (failure !== null) expect.fail(failure);
  });
});

type Tested = { readonly group: string; readonly name: string; readonly failure: string | null };

/** From what lies in Maven's cache; only a machine that has never run it asks the network. */
function runMaven(): { output: string; tests: readonly Tested[] } {
  const args = ['--quiet', '--batch-mode', `-DbuildDirectory=${build}`, '-Dmaven.test.failure.ignore=true', 'test'];
  for (const more of [['--offline'], []]) {
    const options = { cwd: project, encoding: 'utf8', timeout: 200_000 } as const;
    const { stdout, stderr, error } = spawnSync('mvn', [...more, ...args], options);
    const tests = readReports();
    if (tests.length > 0 || more.length === 0) return { output: `${stdout}${stderr}${error ?? ''}`, tests };
  }
  throw new Error('unreachable');
}

function readReports(): readonly Tested[] {
  const folder = join(build, 'surefire-reports');
  if (!existsSync(folder)) return []; // Maven did not come that far
  const files = readdirSync(folder).filter((file) => file.endsWith('.xml'));
  return files.flatMap((file) => readCases(readFileSync(join(folder, file), 'utf8')));
}

/** Surefire writes one element after the other and nests nothing that is asked for here. */
function readCases(xml: string): readonly Tested[] {
  return [...xml.matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)].map(
    ([, attributes = '', content = '']) => {
      const attribute = (name: string) => text(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
      const failure = /<(?:failure|error)\b[^>]*>(.*?)<\/(?:failure|error)>/s.exec(content);
      return { group: attribute('classname'), name: attribute('name'), failure: failure && text(failure[1] ?? '') };
    },
  );
}

function text(xml: string): string {
  return xml
    .replace(/^<!\[CDATA\[(.*)\]\]>$/s, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&amp;', '&');
}
