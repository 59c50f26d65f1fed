// Bodies and answers that the API description shows. A test reads each by its schema.

const at = '2026-01-31T12:00:00.000Z';
export const orderId = '01985d3e-7c00-7000-8000-000000000001';
const lineId = '01985d3e-7c00-7000-8000-000000000002';
export const inventoryId = '01985d3e-7c00-7000-8000-000000000003';
export const runId = '01985d3e-7c00-7000-8000-000000000004';
export const resultId = '01985d3e-7c00-7000-8000-000000000005';

export const orderRequest = {
  orderNumber: 'SO-1001',
  customerId: 'C-7',
  priority: 3,
  requestedShipDate: '2026-02-02',
  lines: [{ sku: 'COFFEE-1KG', quantity: '12' }],
};

export const order = {
  id: orderId,
  orderNumber: 'SO-1001',
  customerId: 'C-7',
  priority: 3,
  orderedAt: at,
  requestedShipDate: '2026-02-02',
  status: 'OPEN',
  lines: [
    {
      id: lineId,
      lineNumber: 1,
      sku: 'COFFEE-1KG',
      quantity: '12',
      minShelfLifeDays: null,
      picks: null,
      reservationId: null,
      status: 'OPEN',
      allocatedQuantity: '0',
      shippedQuantity: '0',
      cancelledQuantity: '0',
      backorderQuantity: '12',
    },
  ],
  version: 1,
  createdAt: at,
};

export const inventoryRequest = {
  sku: 'COFFEE-1KG',
  location: 'W1',
  quantity: '10',
  unitCost: '12.00',
  receivedAt: '2026-01-01T08:00:00Z',
  receiptNumber: 'GR-2001',
  expiresOn: '2036-06-30',
};

export const inventory = {
  id: inventoryId,
  lotSequence: 1,
  receiptNumber: 'GR-2001',
  sku: 'COFFEE-1KG',
  lotNumber: null,
  location: 'W1',
  quantity: '10',
  unitCost: '12.000000',
  totalCost: null,
  receivedAt: '2026-01-01T08:00:00.000Z',
  expiresOn: '2036-06-30',
  status: 'AVAILABLE',
  remainingQuantity: '10',
  allocatedQuantity: '0',
  availableQuantity: '10',
  openValue: '120.00',
  returnOf: null,
  version: 1,
};

export const allocationRequest = { orderIds: [orderId], allocationMethod: 'FIFO', fulfilment: 'PARTIAL' };

export const strategy = {
  allocationMethod: 'FIFO',
  pick: 'FIFO',
  cost: 'LOT',
  sequence: 'PRIORITY',
  fulfilment: 'PARTIAL',
};

export const shortage = {
  orderId,
  lineNumber: 1,
  requested: '12',
  allocated: '10',
  short: '2',
  reasons: [{ code: 'NO_STOCK', quantity: '2' }],
};

export const totals = { requested: '12', allocated: '10', short: '2', costAmount: '120.00', fillRate: '0.833333' };

const allocated = {
  id: resultId,
  orderId,
  orderLineId: lineId,
  lineNumber: 1,
  inventoryId,
  sku: 'COFFEE-1KG',
  location: 'W1',
  quantity: '10',
  unitCost: '12.000000',
  lotUnitCost: '12.000000',
  costAmount: '120.00',
  costing: 'FINAL',
  status: 'ALLOCATED',
};

export const allocation = {
  runId,
  dryRun: false,
  status: 'COMMITTED',
  asOf: at,
  strategy,
  results: [allocated],
  shortages: [shortage],
  totals,
};

export const result = { ...allocated, runId, createdAt: at, shippedAt: null, releasedAt: null };

export const run = {
  id: runId,
  strategy,
  asOf: at,
  status: 'COMMITTED',
  totals,
  slicesApplied: 0,
  slicesTotal: 0,
  failure: null,
  createdAt: at,
  createdBy: 'planner@example.com',
};

export const pendingRun = { ...run, status: 'PENDING', slicesTotal: 5, shortages: [], explanation: null };

export const availability = {
  sku: 'COFFEE-1KG',
  onHand: '30',
  allocated: '10',
  reserved: '5',
  onHold: '0',
  expired: '0',
  available: '15',
};

export const movement = {
  entryNumber: 42,
  kind: 'ALLOCATE',
  sku: 'COFFEE-1KG',
  inventoryId,
  quantityDelta: '-10',
  valueDelta: '-120.00',
  reference: resultId,
  actor: 'planner@example.com',
  at,
  effectiveAt: at,
};

/** The page of a list with this one item. */
export const page = (item: unknown) => ({ items: [item], nextCursor: null });
