import { type ContractName, type Contracts, contracts } from '@inventory/schemas';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { processContext } from '../http/process-context.ts';
import { router } from '../http/router.ts';
import { allocate } from './allocate.ts';
import { compare } from './compare.ts';

const endpoints = {
  allocate: endpoint(contracts.allocate, allocate),
  compare: endpoint(contracts.compare, compare),
} satisfies { [Name in ContractName<'allocation'>]: Endpoint<Contracts[Name]> };

export const handler = router(Object.values(endpoints), processContext());
