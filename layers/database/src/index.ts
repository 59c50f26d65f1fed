export type { Answer, Idempotency } from './idempotency.ts';
export { type ConnectOptions, connect, type Database, type DatabaseConfig, readDatabaseConfig } from './connection.ts';
export { DatabaseError, type DatabaseErrorKind } from './database-error.ts';
export { migrate, type MigrationState, type MigrationTarget, migrationState } from './migrations.ts';
export type { Queryable, Row, Statement, Value } from './queryable.ts';
