export { type AllocationAnswer, AllocationResponse, allocationReply } from './allocation-reply.ts';
export { AllocationRequest } from './allocation-request.ts';
export { type Compared, CompareResponse, compareReply } from './compare-reply.ts';
export { CompareRequest } from './compare-request.ts';
export type { BodyOf, Circumstances, Contract, ParamsOf, QueryOf } from './contract.ts';
export { ImportResponse } from './contracts/imports.ts';
export { ReleaseRequest, ShipRequest } from './contracts/results.ts';
export { DatabaseHealthResponse, HealthResponse } from './contracts/system.ts';
export { type ContractName, type Contracts, contractList, contracts } from './contracts.ts';
export { csvColumns } from './csv-columns.ts';
export { pointerOf } from './field-errors.ts';
export { InventoryResponse, inventoryReply } from './inventory-reply.ts';
export { InventoryRequest } from './inventory-request.ts';
export { JsonNumber } from './json-number.ts';
export { openApiDocument } from './openapi/document.ts';
export { errorsOf } from './openapi/errors.ts';
export { OrderResponse, orderReply } from './order-reply.ts';
export { OrderRequest } from './order-request.ts';
export { OrderFilter } from './order-selection.ts';
export { shortageReply } from './outcome-reply.ts';
export { type ParsedRequest, parseRequest, type RawRequest } from './parse-request.ts';
export { AllocationResultResponse, MovedResultResponse, movedResultReply, resultReply } from './result-reply.ts';
export { AllocationRunResponse, runReply, runSummaryReply } from './run-reply.ts';
export { type Scope, type ScopeRule, scopes } from './scopes.ts';
export { readSettings, type StackSettings } from './settings.ts';
export {
  AvailabilityResponse,
  availabilityReply,
  IntegrityResponse,
  integrityReply,
  MovementResponse,
  movementReply,
} from './stock-reply.ts';
export type { Table } from './table.ts';
export { grants, TokenPayload } from './token.ts';
