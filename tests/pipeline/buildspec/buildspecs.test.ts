import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repository } from '../scripts/checkout.ts';
import { phaseNames, readBuildspec } from './buildspec.ts';

const folder = join(repository, 'pipeline/buildspecs');
const files = readdirSync(folder);
const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(join(repository, 'package.json'), 'utf8'),
);

describe.for(files)('%s', (file) => {
  const buildspec = readBuildspec(join(folder, file));
  const phases = phaseNames.flatMap((name) => buildspec.phases[name] ?? []);
  const commands = phases.flatMap((phase) => [...phase.commands, ...phase.finally]);

  test('ends at the first phase that fails', () => {
    expect(phases.map((phase) => phase['on-failure'])).toEqual(phases.map(() => 'ABORT'));
  });

  test('runs scripts that exist', () => {
    const named = commands.flatMap((command) => command.match(/pipeline\/scripts\/[\w-]+\.sh/g) ?? []);
    const run = commands.flatMap((command) =>
      [...command.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, name]) => name),
    );

    expect(named.filter((script) => !existsSync(join(repository, script)))).toEqual([]);
    expect(run.filter((name) => name === undefined || scripts[name] === undefined)).toEqual([]);
  });

  test('holds no logic: each line is one command, a message, or a variable', () => {
    expect(commands.filter((command) => /;|&&|\|\||\bif\b|\bfor\b|\bwhile\b|\n./.test(command))).toEqual([]);
  });

  test('does not hide the failure of a command behind `export`', () => {
    expect(commands.filter((command) => /export \w+=.*\$\(/.test(command))).toEqual([]);
  });

  test('exports each variable that it promises', () => {
    for (const name of buildspec.env['exported-variables']) expect(commands).toContain(`export ${name}`);
  });

  test('changes no function past CloudFormation', () => {
    expect(
      commands.filter((command) => /update-function-(code|configuration)|update-alias|publish-version/.test(command)),
    ).toEqual([]);
  });
});

test('no script changes a function past CloudFormation either', () => {
  const texts = readdirSync(join(repository, 'pipeline/scripts')).map((name) =>
    readFileSync(join(repository, 'pipeline/scripts', name), 'utf8'),
  );

  expect(
    texts.filter((text) => /update-function-(code|configuration)|update-alias|publish-version/.test(text)),
  ).toEqual([]);
});
