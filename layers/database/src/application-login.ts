import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { Database } from './connection.ts';
import { MIGRATION_LOCK } from './migrations.ts';

/**
 * Lets a role log in with a password. May be repeated, and two may do it at once. PostgreSQL gets no password but what it
 * would keep of it, and that as a bound value, so that neither stands in a log of statements. Throws DatabaseError where
 * the role does not exist, or is not the caller's to change.
 */
export async function setPassword(
  database: Database,
  { role, password }: { role: string; password: string },
): Promise<void> {
  const verifier = scramVerifier(password);
  await database.transaction(async ({ query }) => {
    await query({
      text: `SELECT set_config('inventory.role', CAST($1 AS text), true), set_config('inventory.verifier', CAST($2 AS text), true)
FROM pg_advisory_xact_lock(${MIGRATION_LOCK})`,
      values: [role, verifier],
    });
    await query({ text: ALTER_ROLE, values: [] });
  });
}

/** ALTER ROLE takes no bound values; `format` quotes them. */
const ALTER_ROLE = `DO $$
BEGIN
  EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L',
    current_setting('inventory.role'), current_setting('inventory.verifier'));
END
$$`;

const ITERATIONS = 4096; // PostgreSQL's own, `scram_iterations`

/** What PostgreSQL keeps of a password (RFC 5803), as `psql \\password` makes it. */
function scramVerifier(password: string): string {
  // Other characters would have to be normalised first (SASLprep, RFC 4013).
  if (!/^[\x20-\x7e]+$/.test(password)) throw new Error('The password has characters beyond printable ASCII');
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const key = (name: string) => createHmac('sha256', salted).update(name).digest();
  const stored = createHash('sha256').update(key('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${key('Server Key').toString('base64')}`;
}
