import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Checkout, makeCheckout } from './checkout.ts';

let checkout: Checkout;
let released: string;
beforeEach(async () => {
  checkout = await makeCheckout();
  git('init', '--quiet');
  checkout.write('prisma/migrations/20260101_first/migration.sql', 'SELECT 1');
  released = commit('feat: the first');
  checkout.write('prisma/migrations/20260201_second/migration.sql', 'SELECT 1');
  commit('feat: "quoted" & $(touch hacked) <b>bold</b>');
  commit('fix: the last');
});
afterEach(() => checkout.remove());

const git = (...args: string[]) => execFileSync('git', args, { cwd: checkout.folder, encoding: 'utf8' }).trim();

function commit(subject: string): string {
  git('add', 'prisma');
  const author = ['-c', 'user.name=Tester', '-c', 'user.email=tester@example.com', '-c', 'commit.gpgsign=false'];
  git(...author, 'commit', '--quiet', '--allow-empty', '--message', subject);
  return git('rev-parse', 'HEAD');
}

const changes = (...args: string[]) =>
  checkout.run('changes.sh', args, { PIPELINE_NAME: 'inventory-allocation', AWS_REGION: 'us-east-1' });

test('lists what has come since the last release that went all the way, in letters that no message can misuse', async () => {
  checkout.arrange((world) => {
    world.executions = [
      { status: 'InProgress', sourceRevisions: [{ revisionId: git('rev-parse', 'HEAD') }] },
      { status: 'Failed', sourceRevisions: [{ revisionId: git('rev-parse', 'HEAD~1') }] },
      { status: 'Succeeded', sourceRevisions: [{ revisionId: released }] },
    ];
  });

  const [commits, migrations] = await Promise.all([changes('commits'), changes('migrations')]);

  const said = `2 commits since ${released.slice(0, 7)}: fix: the last; feat: quoted  (touch hacked) bbold/b;`;
  expect(commits.stdout.trim()).toBe(said);
  expect(migrations.stdout.trim()).toBe('20260201_second');
});

test('of a first release, everything', async () => {
  const [commits, migrations] = await Promise.all([changes('commits'), changes('migrations')]);

  expect(commits.stdout).toMatch(/^3 commits/);
  expect(migrations.stdout.trim()).toBe('20260101_first 20260201_second');
});

test('no migration is none', async () => {
  expect((await changes('migrations', '--since', git('rev-parse', 'HEAD~1'))).stdout.trim()).toBe('none');
});

test.for(['-x', 'HEAD', '$(id)', 'main..other'])('since %s is refused', async (since) => {
  expect((await changes('commits', '--since', since)).code).toBe(2);
});

test('no answer of the pipeline is no answer', async () => {
  checkout.arrange(({ failures }) => {
    failures['codepipeline list-pipeline-executions'] = [{ code: 'AccessDeniedException', message: 'No.' }];
  });

  expect((await changes('commits')).code).toBe(1);
});
