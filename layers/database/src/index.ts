export { apply, type Outcome, type RunRecord, type Slice, type Write } from './allocation/apply.ts';
export type { OrderChoice, OrderFilter, Reach } from './allocation/demand.ts';
export { type Group, planGroups } from './allocation/groups.ts';
export {
  createRun,
  failRun,
  findLargeRun,
  finishRun,
  type LargeRun,
  planRun,
  unfinishedRuns,
} from './allocation/large-run.ts';
export { type Loaded, load } from './allocation/load.ts';
export { loadGroup } from './allocation/load-group.ts';
export { type LoadedResult, loadResult } from './allocation/load-result.ts';
export { settledOrders } from './allocation/settled-orders.ts';
export { unknownLines } from './allocation/unknown-lines.ts';
export { unknownOrders } from './allocation/unknown-orders.ts';
export { setPassword } from './application-login.ts';
export { type AvailabilityView, findAvailability, listAvailability } from './availability.ts';
export { type ConnectOptions, connect, type Database, type DatabaseConfig, readDatabaseConfig } from './connection.ts';
export { createOrders } from './create-orders.ts';
export type { Creation } from './creation.ts';
export { DatabaseError, type DatabaseErrorKind } from './database-error.ts';
export { type DatabaseHealth, neededMigrations, readHealth } from './health.ts';
export type { Answer, Idempotency } from './idempotency.ts';
export { findDifferences } from './integrity.ts';
export { findInventory, type InventoryFilters, listInventories } from './inventories.ts';
export { type MigrationState, type MigrationTarget, migrate, migrationState } from './migrations.ts';
export { migrationsFolder } from './migrations-folder.ts';
export { type Feed, listMovements, type MovementFilters, readFeed } from './movements.ts';
export { findNamed, type Named, type NamedReservation } from './named-by-orders.ts';
export { findOrder, listOrders, type OrderFilters } from './orders.ts';
export type { Page, PageRequest } from './page.ts';
export type { Queryable, Row, Statement, Value } from './queryable.ts';
export { receiveLots } from './receive-lots.ts';
export { findResult, listResults, type ResultFilters } from './results.ts';
export { findRun, listRuns } from './runs.ts';
export { findAnswer, type KeyedAnswer } from './stored-answer.ts';
export { type Decision, lock, write } from './write.ts';
