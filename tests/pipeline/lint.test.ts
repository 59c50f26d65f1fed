import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { at, type JsonObject, membersOf } from '../template/json.ts';
import type { Rendering } from '../template/stack.ts';
import { edit, editEnvironment, edits } from './rule.ts';
import { readFiles, render, repository, type Source } from './template.ts';

const source: Source = { ...readFiles(), application: {}, handlers: {}, configuration: {} };
const folder = mkdtempSync(join(tmpdir(), 'pipeline-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.skipIf(process.env.WITHOUT_SAM === 'true')(
  'cfn-lint has nothing to say about the stacks, for any choice of parameters',
  async () => {
    const said = await lint(source);

    expect(said).toEqual('');
  },
  120_000,
);

test.skipIf(process.env.WITHOUT_SAM === 'true')(
  'cfn-lint finds a slip of the pen in either',
  async () => {
    const said = await lint(
      edits(
        edit('Pipeline/Properties/ExecutionMod', 'QUEUED'),
        editEnvironment('ArtifactsBucket/Properties/VersioningConfiguration', { State: 'Enabled' }),
      )(source),
    );

    expect(said).toMatch(/ExecutionMod[\s\S]*State/);
  },
  120_000,
);

/** What cfn-lint says of every rendering. */
async function lint(of: Source): Promise<string> {
  const { renderings } = render(of);
  writeFileSync(join(folder, 'environment.yaml'), JSON.stringify(of.environment)); // the pipeline's stack names it
  const files = [...renderings, ...(renderings[0]?.environments ?? [])].map(write);
  const run = promisify(execFile)(
    join(repository, 'pipeline/scripts/sam.sh'),
    ['--regions', 'us-east-1', '--', ...files],
    {
      env: { ...process.env, SAM_TOOL: 'cfn-lint' },
    },
  );
  const { stdout } = await run.catch((failure: { stdout: string }) => failure);
  return stdout;
}

function write(rendering: Rendering): string {
  const file = join(folder, `${rendering.name.replaceAll(/\W+/g, '-')}.json`);
  writeFileSync(file, JSON.stringify(withItsParameters(rendering), null, 1));
  return file;
}

/** With what is chosen as the default of its parameter. */
function withItsParameters({ transformed, parameters }: Rendering): JsonObject {
  const declared = Object.entries(membersOf(transformed.Parameters)).map(([name, each]) => {
    const value = parameters[name] ?? '';
    return [name, { ...membersOf(each), Default: at(each, 'Type') === 'Number' ? Number(value) : value }];
  });
  return { ...transformed, Parameters: Object.fromEntries(declared) };
}
