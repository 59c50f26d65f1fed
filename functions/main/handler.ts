import { type ContractName, type Contracts, contracts } from '@inventory/schemas';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { processContext } from '../http/process-context.ts';
import { router } from '../http/router.ts';
import { readAvailability } from './availability.ts';
import { readDocs } from './docs.ts';
import { readDatabaseHealth, readHealth } from './health.ts';
import { importInventories, importOrders } from './imports.ts';
import { checkIntegrity } from './integrity.ts';
import { listInventories, readInventory, receiveInventories } from './inventories.ts';
import { releaseResult, shipResult } from './move-result.ts';
import { listMovements } from './movements.ts';
import { readOpenApi } from './openapi.ts';
import { createOrders, listOrders, readOrder } from './orders.ts';
import { listResults, readResult } from './results.ts';
import { listRuns, readRun } from './runs.ts';

const endpoints = {
  createOrders: endpoint(contracts.createOrders, createOrders),
  listOrders: endpoint(contracts.listOrders, listOrders),
  readOrder: endpoint(contracts.readOrder, readOrder),
  receiveInventories: endpoint(contracts.receiveInventories, receiveInventories),
  listInventories: endpoint(contracts.listInventories, listInventories),
  readInventory: endpoint(contracts.readInventory, readInventory),
  listRuns: endpoint(contracts.listRuns, listRuns),
  readRun: endpoint(contracts.readRun, readRun),
  listResults: endpoint(contracts.listResults, listResults),
  readResult: endpoint(contracts.readResult, readResult),
  releaseResult: endpoint(contracts.releaseResult, releaseResult),
  shipResult: endpoint(contracts.shipResult, shipResult),
  readAvailability: endpoint(contracts.readAvailability, readAvailability),
  listMovements: endpoint(contracts.listMovements, listMovements),
  checkIntegrity: endpoint(contracts.checkIntegrity, checkIntegrity),
  importOrders: endpoint(contracts.importOrders, importOrders),
  importInventories: endpoint(contracts.importInventories, importInventories),
  readHealth: endpoint(contracts.readHealth, readHealth),
  readDatabaseHealth: endpoint(contracts.readDatabaseHealth, readDatabaseHealth),
  readOpenApi: endpoint(contracts.readOpenApi, readOpenApi),
  readDocs: endpoint(contracts.readDocs, readDocs),
} satisfies { [Name in ContractName<'main'>]: Endpoint<Contracts[Name]> };

export const handler = router(Object.values(endpoints), processContext());
