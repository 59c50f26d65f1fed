/** A line of the engine's log, which Prisma's CLI reads from standard error. */
export function say(
  level: 'INFO' | 'ERROR',
  fields: Readonly<Record<string, unknown>>,
  target = 'schema_engine::logger',
): void {
  process.stderr.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level, fields, target })}\n`);
}
