export {
  type Emulator,
  type EmulatorOptions,
  type EmulatorStats,
  startEmulator,
} from './data-api-emulator/emulator.ts';
export type { Call, Fault, FaultRule } from './data-api-emulator/faults.ts';
export type { Signatory } from './data-api-emulator/signature.ts';
export { cloneDatabase, createDatabase, dropDatabase } from './postgres/databases.ts';
export { type Postgres, type PostgresOptions, startPostgres } from './postgres/start.ts';
