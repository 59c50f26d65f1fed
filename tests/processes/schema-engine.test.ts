import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { connect, migrate } from '@inventory/database';
import { createDatabase, dropDatabase } from '@inventory/database/local';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const prismaPackage = createRequire(import.meta.url).resolve('prisma/package.json');

const SCHEMA = `
generator client {
  provider = "prisma-client"
  output   = "../generated"
}
datasource db {
  provider = "postgresql"
}
model Author {
  id    Int      @id @default(autoincrement())
  name  String   @unique
  tags  String[]
  books Book[]
}
model Book {
  id       Int    @id @default(autoincrement())
  title    String
  author   Author @relation(fields: [authorId], references: [id])
  authorId Int
}
`;
const FIRST_MIGRATION = `
CREATE TABLE "Author" ("id" SERIAL NOT NULL, "name" TEXT NOT NULL, "tags" TEXT[], CONSTRAINT "Author_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Book" ("id" SERIAL NOT NULL, "title" TEXT NOT NULL, "authorId" INTEGER NOT NULL, CONSTRAINT "Book_pkey" PRIMARY KEY ("id"));
CREATE UNIQUE INDEX "Author_name_key" ON "Author"("name");
ALTER TABLE "Book" ADD CONSTRAINT "Book_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "Author"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
`;

describe("Prisma's commands with the stand-in schema engine", { timeout: 60_000 }, () => {
  let project: string;
  let name: string;
  let url: string;

  /** A project of its own with our configuration and our engine. */
  beforeEach(async () => {
    name = `prisma_${randomUUID().replaceAll('-', '')}`;
    url = await createDatabase(inject('postgresUrl'), name);
    project = await mkdtemp(join(tmpdir(), 'prisma-'));
    await mkdir(join(project, 'prisma/migrations/1_first'), { recursive: true });
    await Promise.all([
      copyFile(join(ROOT, 'prisma.config.ts'), join(project, 'prisma.config.ts')),
      symlink(join(ROOT, 'node_modules'), join(project, 'node_modules')),
      symlink(join(ROOT, 'prisma/engine'), join(project, 'prisma/engine')),
      writeFile(join(project, 'package.json'), '{ "type": "module" }'),
      writeFile(join(project, 'prisma/schema.prisma'), SCHEMA),
      writeFile(join(project, 'prisma/migrations/migration_lock.toml'), 'provider = "postgresql"\n'),
      writeFile(join(project, 'prisma/migrations/1_first/migration.sql'), FIRST_MIGRATION),
    ]);
  });
  afterEach(async () => {
    await dropDatabase(inject('postgresUrl'), name);
    await rm(project, { recursive: true });
  });

  const prisma = (...command: string[]) => run(project, url, command);
  const addColumn = async () => {
    const schema = SCHEMA.replace('title    String', 'title    String\n  isbn     String?');
    await writeFile(join(project, 'prisma/schema.prisma'), schema);
  };
  /** A second faster than Prisma's own command, which has its test below. */
  const deployByOurselves = async () => {
    const database = connect({ kind: 'postgres', url });
    await migrate(database, join(project, 'prisma/migrations'));
    await database.close();
  };
  const columns = async (table: string) => {
    const database = connect({ kind: 'postgres', url });
    const rows = await database.query({
      text: `SELECT attname::text AS name FROM pg_attribute WHERE attrelid = to_regclass(CAST($1 AS text)) AND attnum > 0 ORDER BY attnum`,
      values: [`"${table}"`],
    });
    await database.close();
    return rows.map((row) => row.name);
  };

  it('validates and generates without a database', async () => {
    const validate = await run(project, undefined, ['validate']);
    const generate = await run(project, undefined, ['generate']);

    expect(validate).toMatchObject({ code: 0, output: expect.stringContaining('is valid') });
    expect(generate).toMatchObject({ code: 0 });
    expect(await readdir(join(project, 'generated'))).toContain('client.ts');
  });

  it('refuses a schema that is wrong', async () => {
    await writeFile(join(project, 'prisma/schema.prisma'), SCHEMA.replace('Book[]', 'Boook[]'));

    expect(await run(project, undefined, ['validate'])).toMatchObject({
      code: 1,
      output: expect.stringContaining('Boook'),
    });
  });

  it('deploys, and says so', async () => {
    const deploy = await prisma('migrate', 'deploy');
    const after = await prisma('migrate', 'status');

    expect(deploy).toMatchObject({ code: 0, output: expect.stringContaining('successfully applied') });
    expect(after).toMatchObject({ code: 0, output: expect.stringContaining('up to date') });
    expect(await columns('Book')).toEqual(['id', 'title', 'authorId']);
  });

  it('does not report success when the database is away', async () => {
    const deploy = await run(project, 'postgresql://postgres@127.0.0.1:1/none', ['migrate', 'deploy']);

    expect(deploy.code).toBe(1);
  });

  it('agrees with our own runner', async () => {
    await deployByOurselves();

    const status = await prisma('migrate', 'status');
    const deploy = await prisma('migrate', 'deploy');

    expect(status).toMatchObject({ code: 0, output: expect.stringContaining('up to date') });
    expect(deploy).toMatchObject({ code: 0, output: expect.stringContaining('No pending migrations') });
  });

  it('shows the difference between database and schema', async () => {
    await deployByOurselves();
    const diff = ['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--exit-code'];

    const same = await prisma(...diff);
    await addColumn();
    const different = await prisma(...diff, '--script');

    expect(same.code).toBe(0);
    expect(different).toMatchObject({ code: 2, output: expect.stringContaining('ADD COLUMN     "isbn" TEXT') });
  });

  it('develops a migration', async () => {
    await deployByOurselves();
    await addColumn();

    const dev = await prisma('migrate', 'dev', '--name', 'isbn');

    expect(dev.code, dev.output).toBe(0);
    const created = (await readdir(join(project, 'prisma/migrations'))).find((entry) => entry.endsWith('_isbn'));
    expect(await readFile(join(project, 'prisma/migrations', created ?? '', 'migration.sql'), 'utf8')).toContain(
      '"isbn" TEXT',
    );
    expect(await columns('Book')).toEqual(['id', 'title', 'authorId', 'isbn']);
  });

  it('resolves a migration that failed', async () => {
    await mkdir(join(project, 'prisma/migrations/2_bad'));
    await writeFile(join(project, 'prisma/migrations/2_bad/migration.sql'), 'SELECT no_such_column;');
    const failed = await prisma('migrate', 'deploy');

    const resolve = await prisma('migrate', 'resolve', '--rolled-back', '2_bad');
    await writeFile(join(project, 'prisma/migrations/2_bad/migration.sql'), 'SELECT 1;');
    const deploy = await prisma('migrate', 'deploy');

    expect(failed).toMatchObject({ code: 1, output: expect.stringContaining('no_such_column') });
    expect(resolve.code, resolve.output).toBe(0);
    expect(deploy.code, deploy.output).toBe(0);
  });

  it('pushes a schema and pulls it back', async () => {
    const push = await prisma('db', 'push');
    const pull = await prisma('db', 'pull', '--print');

    expect(push.code, push.output).toBe(0);
    expect(await columns('Author')).toEqual(['id', 'name', 'tags']);
    expect(pull.output).toContain('model Author');
  });
});

describe('The script that generates the client', () => {
  it('does nothing when the client is newer than schema and Prisma', async () => {
    const client = join(ROOT, 'layers/database/src/generated/client.ts');
    const generate = () => promisify(execFile)(process.execPath, [join(ROOT, 'prisma/generate.ts')]);
    await generate();
    const before = await stat(client);

    await generate();

    expect((await stat(client)).mtimeMs).toBe(before.mtimeMs);
  });
});

type Outcome = { readonly code: number; readonly output: string };

function run(folder: string, url: string | undefined, command: readonly string[]): Promise<Outcome> {
  const { DATABASE_URL: _, ...environment } = process.env;
  const env = {
    ...environment,
    ...(url && { DATABASE_URL: url }),
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CI: '',
  };
  const { bin }: { bin: { prisma: string } } = createRequire(import.meta.url)('prisma/package.json');
  return new Promise((resolve) => {
    const program = join(dirname(prismaPackage), bin.prisma);
    execFile(process.execPath, [program, ...command], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr });
    });
  });
}
