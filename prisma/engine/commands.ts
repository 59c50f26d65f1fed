import pg from 'pg';
import { say } from './log.ts';

/** Runs a command that is not part of the RPC and returns the exit code. */
export async function runCommand(command: string, url: string): Promise<number> {
  const database = decodeURIComponent(new URL(url).pathname.slice(1));
  try {
    switch (command) {
      case 'can-connect-to-database':
        await onServer(url, database, 'SELECT 1');
        return 0;
      case 'create-database':
        await onServer(url, 'postgres', `CREATE DATABASE ${pg.escapeIdentifier(database)}`);
        return 0;
      case 'drop-database':
        await onServer(url, 'postgres', `DROP DATABASE ${pg.escapeIdentifier(database)}`);
        say('INFO', { message: 'The database was successfully dropped' });
        return 0;
      default:
        throw new Error(`The stand-in engine does not know the command ${command}`);
    }
  } catch (error) {
    const isMissing = error instanceof pg.DatabaseError && error.code === '3D000';
    const message = error instanceof Error ? error.message : String(error);
    say('ERROR', { is_panic: false, error_code: isMissing ? 'P1003' : 'P1001', message });
    return 1;
  }
}

async function onServer(url: string, database: string, statement: string): Promise<void> {
  const address = new URL(url);
  address.pathname = `/${encodeURIComponent(database)}`;
  address.search = ''; // `?schema=public` is Prisma's, not PostgreSQL's
  const client = new pg.Client({ connectionString: address.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
