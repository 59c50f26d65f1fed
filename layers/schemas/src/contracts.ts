import type { Contract } from './contract.ts';
import { allocate, compare } from './contracts/allocation.ts';
import { importInventories, importOrders } from './contracts/imports.ts';
import { listInventories, readInventory, receiveInventories } from './contracts/inventories.ts';
import { createOrders, listOrders, readOrder } from './contracts/orders.ts';
import { listResults, readResult, releaseResult, shipResult } from './contracts/results.ts';
import { listRuns, readRun } from './contracts/runs.ts';
import { checkIntegrity, listMovements, readAvailability } from './contracts/stock.ts';
import { readConsole, readDatabaseHealth, readDocs, readHealth, readOpenApi } from './contracts/system.ts';

/** Every route, by name. A new one is a contract, a line here, a use case in its function's table, a path in the template. */
export const contracts = {
  createOrders,
  listOrders,
  readOrder,
  receiveInventories,
  listInventories,
  readInventory,
  allocate,
  compare,
  listRuns,
  readRun,
  listResults,
  readResult,
  releaseResult,
  shipResult,
  readAvailability,
  listMovements,
  checkIntegrity,
  importOrders,
  importInventories,
  readHealth,
  readDatabaseHealth,
  readOpenApi,
  readDocs,
  readConsole,
} as const satisfies Record<string, Contract>;

export type Contracts = typeof contracts;

/** The names of the contracts that a deployed function answers. */
export type ContractName<Function extends Contract['function'] = Contract['function']> = {
  [Name in keyof Contracts]: Contracts[Name]['function'] extends Function ? Name : never;
}[keyof Contracts];

/** Every route with its name, in the order of the registry. */
export const contractList: readonly (Contract & { readonly name: string })[] = Object.entries(contracts).map(
  ([name, contract]) => ({ ...contract, name }),
);
