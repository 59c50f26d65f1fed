import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { at, type JsonObject, membersOf } from './json.ts';
import { type Rendering, readSource, render, renderingNames } from './stack.ts';
import { repository } from './template.ts';

/** `sam validate --lint` sees the defaults alone; here cfn-lint sees what each environment sets, after the transform. */
test.skipIf(process.env.WITHOUT_SAM === 'true')(
  'cfn-lint has nothing to say about any rendering',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lint-'));
    const { renderings } = await render(await readSource(), renderingNames);
    const files = await Promise.all(
      renderings.map(async (rendering) => {
        const file = join(folder, `${rendering.name}.json`);
        await writeFile(file, JSON.stringify(withItsParameters(rendering), null, 1));
        return file;
      }),
    );

    const lint = promisify(execFile)(
      join(repository, 'pipeline/scripts/sam.sh'),
      ['--regions', 'us-east-1', '--', ...files],
      {
        env: { ...process.env, SAM_TOOL: 'cfn-lint' },
      },
    );
    const { stdout } = await lint.catch((failure: { stdout: string }) => failure);

    expect(stdout).toBe('');
    await rm(folder, { recursive: true });
  },
  120_000,
);

/** What an environment sets as the default of its parameter. */
function withItsParameters({ transformed, parameters }: Rendering): JsonObject {
  const declared = Object.entries(membersOf(transformed.Parameters)).map(([name, each]) => {
    const value = parameters[name] ?? '';
    return [name, { ...membersOf(each), Default: at(each, 'Type') === 'Number' ? Number(value) : value }];
  });
  return { ...transformed, Parameters: Object.fromEntries(declared) };
}
