import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, migrationState, neededMigrations } from '@inventory/database';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCoreFlows } from './core-flows.ts';
import { type Deployment, openDeployment } from './deployment.ts';
import { policyViolations } from './policy.ts';
import { previousRelease, type Release, thisRelease } from './release.ts';

/** A next release adds a column to every table, a table and an index; the one after it takes them away again. */
const EXPAND = '29990101000000_expand';
const CONTRACT = '29990201000000_contract';

describe('While traffic shifts, two releases share one database', () => {
  let previous: Release;
  let deployment: Deployment;
  let folder: string;

  beforeAll(async () => {
    previous = await previousRelease();
    return () => previous.remove();
  });
  beforeEach(async () => {
    deployment = await openDeployment();
    folder = await mkdtemp(join(tmpdir(), 'drill-migrations-'));
  });
  afterEach(async () => {
    await deployment.close();
    await rm(folder, { recursive: true });
  });

  const migrationsOf = (release: Release) => join(release.folder, 'prisma/migrations');
  const write = async (name: string, sql: string) => {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'migration.sql'), sql);
  };
  const tables = async () =>
    (
      await deployment.administrator.query({
        text: `SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_%' ORDER BY 1`,
        values: [],
      })
    ).map(({ name }) => String(name));

  it('runs the previous release on the schema of this one, and this one beside it', async () => {
    await migrate(deployment.administrator, migrationsOf(previous));
    const old = await deployment.deploy(previous);
    const before = await runCoreFlows(old, 'BEFORE');

    await migrate(deployment.administrator, migrationsOf(thisRelease));
    const young = await deployment.deploy(thisRelease);
    const during = [await runCoreFlows(old, 'OLD'), await runCoreFlows(young, 'NEW')];

    expect(during).toEqual([before, before]);
    expect(await migrationState(deployment.administrator, migrationsOf(thisRelease))).toMatchObject({
      pending: [],
      failed: [],
      changed: [],
      unknown: [],
    });
  });

  it('replays to either what the other has answered', async () => {
    await migrate(deployment.administrator, migrationsOf(thisRelease));
    const [old, young] = [await deployment.deploy(previous), await deployment.deploy(thisRelease)];
    const create = (orderNumber: string) => ({
      body: { orderNumber, lines: [{ sku: 'A', quantity: 1 }] },
      key: orderNumber,
    });

    const byOld = await old.call('POST', '/orders', create('KEY-1'));
    const byYoung = await young.call('POST', '/orders', create('KEY-2'));

    expect(await young.call('POST', '/orders', create('KEY-1'))).toEqual(byOld);
    expect(await old.call('POST', '/orders', create('KEY-2'))).toEqual(byYoung);
  });

  it('goes through an expansion and a contraction without a pause', async () => {
    await cp(migrationsOf(thisRelease), folder, { recursive: true });
    await migrate(deployment.administrator, folder);
    const all = await tables();
    const serving = await deployment.deploy(thisRelease);
    const before = await runCoreFlows(serving, 'BEFORE');

    await write(EXPAND, expansionOf(all));
    await migrate(deployment.administrator, folder);
    const expanded = await runCoreFlows(serving, 'EXPANDED');
    // The next release at work: it fills what it has added, in rows that this release has written.
    await deployment.application.query({ text: `UPDATE orders SET added = 'web'`, values: [] });
    await deployment.application.query({
      text: `INSERT INTO order_notes (order_id, note) SELECT id, 'by phone' FROM orders`,
      values: [],
    });
    const mixed = await runCoreFlows(serving, 'MIXED');
    await write(CONTRACT, contractionOf(all));
    await migrate(deployment.administrator, folder);
    const contracted = await runCoreFlows(serving, 'CONTRACTED');

    expect([expanded, mixed, contracted]).toEqual([before, before, before]);
  });

  it('has an example that its own policy accepts', async () => {
    await migrate(deployment.administrator, migrationsOf(thisRelease));
    const all = await tables();

    expect(policyViolations(expansionOf(all))).toEqual([]);
    expect(policyViolations(contractionOf(all))).toEqual([]);
    expect(policyViolations(contractionOf(all).replace(/^-- contract:.*\n/, ''))).not.toEqual([]);
  });

  it('lets an older bundle meet migrations that it does not know, and do nothing', async () => {
    await cp(migrationsOf(thisRelease), folder, { recursive: true });
    await migrate(deployment.administrator, folder);
    await write(EXPAND, expansionOf(await tables()));
    await migrate(deployment.administrator, folder);

    const applied = await migrate(deployment.administrator, migrationsOf(thisRelease));

    expect(applied).toEqual([]);
    expect(await tables()).toContain('order_notes');
    expect(await migrationState(deployment.administrator, migrationsOf(thisRelease))).toEqual({
      applied: neededMigrations,
      pending: [],
      failed: [],
      changed: [],
      unknown: [EXPAND],
    });
    const health = await (await deployment.deploy(thisRelease)).call('GET', '/health/database');
    expect(health).toMatchObject({ status: 200, body: { migrationsPending: [] } });
  });

  it('shows a migration that breaks the release which still serves', async () => {
    await cp(migrationsOf(thisRelease), folder, { recursive: true });
    await migrate(deployment.administrator, folder);
    const serving = await deployment.deploy(thisRelease);

    await write(
      EXPAND,
      `ALTER TABLE "orders" ADD COLUMN "channel" text NOT NULL DEFAULT 'web';
      ALTER TABLE "orders" ALTER COLUMN "channel" DROP DEFAULT`,
    );
    await migrate(deployment.administrator, folder);

    const body = { orderNumber: 'BROKEN', lines: [{ sku: 'A', quantity: 1 }] };
    expect(await serving.call('POST', '/orders', { body })).toMatchObject({ status: 500 });
  });
});

const expansionOf = (tables: readonly string[]): string => `
${tables.map((table) => `ALTER TABLE "${table}" ADD COLUMN "added" text;`).join('\n')}
CREATE TABLE "order_notes" ("order_id" uuid NOT NULL, "note" text NOT NULL, CONSTRAINT "order_notes_pkey" PRIMARY KEY ("order_id"));
GRANT SELECT, INSERT, UPDATE, DELETE ON "order_notes" TO "inventory_application";
-- brief: the table is small
CREATE INDEX "orders_added_idx" ON "orders" ("added") WHERE "added" IS NOT NULL;
`;

const contractionOf = (tables: readonly string[]): string => `-- contract: v0.0.0
DROP TABLE "order_notes";
${tables.map((table) => `ALTER TABLE "${table}" DROP COLUMN "added";`).join('\n')}
`;
