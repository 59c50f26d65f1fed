import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const pipeline = resolve(import.meta.dirname, '../../pipeline');

/** What only the one of them does: the store and the caller are others, and what Jenkins is told stands in its own steps. */
const ONLY_CODEBUILD =
  /^(aws codeartifact login|echo|export|mkdir|mv) |sam\.sh package|^pipeline\/scripts\/changes\.sh/;
const ONLY_JENKINS = /^node --version|^pipeline\/scripts\/changes\.sh/;

test('Jenkins runs what CodeBuild runs, with the same arguments', () => {
  expect(jenkinsCommands()).toEqual(buildspecCommands());
});

test('every script that Jenkins runs exists', () => {
  const named = readFileSync(join(pipeline, 'Jenkinsfile'), 'utf8').match(/pipeline\/scripts\/[\w-]+\.sh/g) ?? [];

  const there = readdirSync(join(pipeline, 'scripts')).map((name) => `pipeline/scripts/${name}`);
  expect([...new Set(named)].filter((name) => !there.includes(name))).toEqual([]);
  expect(named.length).toBeGreaterThan(10);
});

function jenkinsCommands(): readonly string[] {
  const jenkinsfile = readFileSync(join(pipeline, 'Jenkinsfile'), 'utf8');
  const commands = [...jenkinsfile.matchAll(/\bsh(?: |\(script: )'([^']+)'/g)].map(([, command]) => command ?? '');
  return distinct(commands.filter((command) => !ONLY_JENKINS.test(command)));
}

/** Each environment in its turn, and the variables that a command is put into or after left away. */
function buildspecCommands(): readonly string[] {
  const files = readdirSync(join(pipeline, 'buildspecs')).map((file) => join(pipeline, 'buildspecs', file));
  const commands = files.flatMap((file) => {
    const { phases }: { phases: Record<string, { commands?: string[] }> } = parse(readFileSync(file, 'utf8'));
    return Object.values(phases).flatMap(({ commands = [] }) => commands);
  });
  const plain = commands.map((command) => command.replace(/^\w+=\$\((.*)\)$/, '$1').replace(/^SAM_BUILD=\S+ /, ''));
  const shared = plain.filter((command) => !ONLY_CODEBUILD.test(command));
  return distinct(
    shared.flatMap((command) => ['stage', 'prod'].map((each) => command.replace('"$ENVIRONMENT"', each))),
  );
}

const distinct = (commands: readonly string[]) => [...new Set(commands)].sort();
