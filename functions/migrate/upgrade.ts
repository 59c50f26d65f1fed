import { setTimeout as wait } from 'node:timers/promises';
import { connect, DatabaseError, migrate, migrationsFolder, setPassword } from '@inventory/database';
import { readLogin } from './login.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Beside the retries of each call while the cluster wakes up. */
const ATTEMPTS = 5;
const PAUSE_MILLISECONDS = 500;

/**
 * Applies the migrations of this release that the database lacks, and lets the application's role log in with the password
 * of its secret. Its grants stand in the migrations. Answers the names of what it applied. What a newer release has applied
 * is left alone, so on the way back from one there is nothing to do. Throws what stopped it.
 */
export async function upgrade(environment: Environment, deadline: number): Promise<readonly string[]> {
  const config = {
    kind: 'data-api',
    resourceArn: variable(environment, 'CLUSTER_ARN'),
    secretArn: variable(environment, 'MASTER_SECRET_ARN'),
    database: variable(environment, 'DATABASE_NAME'),
  } as const;
  const login = await readLogin(variable(environment, 'APPLICATION_SECRET_ARN'), deadline);
  const database = connect(config, { deadline: () => deadline });
  try {
    const applied = await persistently(() => migrate(database, migrationsFolder), deadline);
    await persistently(() => setPassword(database, login), deadline);
    return applied;
  } finally {
    await database.close();
  }
}

/** An answer that was lost says nothing about what happened: everything here may be done twice, so it is. */
async function persistently<Result>(work: () => Promise<Result>, deadline: number): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const pause = PAUSE_MILLISECONDS * attempt;
      if (!isWorthRepeating(error) || attempt === ATTEMPTS || Date.now() + pause >= deadline) throw error;
      await wait(pause);
    }
  }
}

/** A statement that took too long would take as long again. */
const isWorthRepeating = (error: unknown) =>
  error instanceof DatabaseError && (error.kind === 'UNAVAILABLE' || error.kind === 'WRITE_CONFLICT');

function variable(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`The environment variable ${name} is missing`);
  return value;
}
