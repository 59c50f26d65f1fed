import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, migrate } from '@inventory/database';
import { createDatabase, startPostgres } from '@inventory/database/local';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the test server's administrator; `openTestDatabase` makes databases there. */
    postgresUrl: string;
  }
}

export const TEMPLATE = 'template_inventory';

/** One server for all projects of a run: each has this file as its set-up, and they share the process. */
let shared: Promise<TestServer> | undefined;
let users = 0;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  users++;
  shared ??= startServer();
  const server = await shared;
  project.provide('postgresUrl', server.url);
  return async () => {
    users--;
    if (users > 0) return;
    shared = undefined;
    await server.stop();
  };
}

type TestServer = { readonly url: string; stop(): Promise<void> };

async function startServer(): Promise<TestServer> {
  const dataDirectory = join(tmpdir(), `inventory-postgres-${randomUUID()}`);
  const postgres = await startPostgres({ dataDirectory, durable: false });
  const stop = async () => {
    await postgres.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  try {
    await migrateTemplate(await createDatabase(postgres.url, TEMPLATE));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: postgres.url, stop };
}

/** Closed afterwards: a database to which somebody is connected cannot be cloned. */
async function migrateTemplate(url: string): Promise<void> {
  const template = connect({ kind: 'postgres', url });
  try {
    await migrate(template, join(import.meta.dirname, '../prisma/migrations'));
  } finally {
    await template.close();
  }
}
