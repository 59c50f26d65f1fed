import { allocationMethods, type CostBasis, costBases } from '@inventory/models';
import { contracts } from '@inventory/schemas';
import { describe, expect, test } from 'vitest';
import {
  allocationRequest,
  allowedMethods,
  compareFaultsOf,
  compareRequest,
  type Draft,
  faultsOf,
  firstDraft,
  listed,
} from '../../../functions/console/page/plan/draft.ts';

const circumstances = {
  allowedCosts: costBases,
  timeZone: 'Europe/Berlin',
  ticked: ['01985d3e-7c00-7000-8000-000000000001'],
};
const draftWith = (change: Partial<Draft>): Draft => ({ ...firstDraft(costBases), ...change });
const requestOf = (change: Partial<Draft>) => allocationRequest(draftWith(change), circumstances);
const faults = (change: Partial<Draft>, allowedCosts: readonly CostBasis[] = costBases) =>
  faultsOf(draftWith(change), { ...circumstances, allowedCosts }).map(({ pointer }) => pointer);

describe('a plan becomes a request', () => {
  test('all open orders by FIFO, unless something is chosen', () => {
    expect(requestOf({})).toEqual({
      filter: {},
      allocationMethod: 'FIFO',
      sequence: 'PRIORITY',
      fulfilment: 'PARTIAL',
    });
  });

  test('only what is filled in filters', () => {
    const filter = { status: 'OPEN', customerId: '', sku: 'TEA', priority: '3', requestedShipDateBefore: '' } as const;

    expect(requestOf({ demand: 'FILTER', filter }).filter).toEqual({ status: 'OPEN', sku: 'TEA', priority: 3 });
  });

  test('order numbers as they were pasted, each once', () => {
    expect(listed(' SO 1, SO 2;SO 3\r\nSO 1\n\n\tSO 4 ')).toEqual(['SO 1', 'SO 2', 'SO 3', 'SO 4']);
    expect(requestOf({ demand: 'NUMBERS', orderNumbers: 'B\nA' })).toMatchObject({ orderNumbers: ['B', 'A'] });
    expect(requestOf({ demand: 'TICKED' })).toMatchObject({ orderIds: circumstances.ticked });
  });

  test('pick and cost instead of a method that would contradict them', () => {
    const request = requestOf({ method: 'LIFO', cost: 'MOVING_AVERAGE' });

    expect(request).toMatchObject({ pick: 'LIFO', cost: 'MOVING_AVERAGE' });
    expect(request).not.toHaveProperty('allocationMethod');
  });

  test('times in the time zone of the stack', () => {
    expect(requestOf({ asOf: '2026-01-31T13:00' })).toMatchObject({ asOf: '2026-01-31T12:00:00.000Z' });
  });

  test('a step for a fair share and a list for location priority alone', () => {
    const change = { quantityStep: '5', locationPriority: 'W1, W2', locations: 'W1' };

    expect(requestOf(change)).toMatchObject({ locations: ['W1'] });
    expect(requestOf(change)).not.toHaveProperty('quantityStep');
    expect(requestOf(change)).not.toHaveProperty('locationPriority');
    expect(requestOf({ ...change, sequence: 'PRO_RATA' })).toMatchObject({ quantityStep: '5' });
    expect(requestOf({ ...change, method: 'LOCATION_PRIORITY' })).toMatchObject({ locationPriority: ['W1', 'W2'] });
  });

  test('the contract takes it, whatever is chosen', () => {
    for (const method of allocationMethods) {
      for (const cost of ['', ...costBases] as const) {
        const draft = draftWith({ method, cost, locationPriority: 'W1', asOf: '2026-01-31T13:00', onShortage: 'FAIL' });
        const schema = contracts.allocate.body.safeParse(allocationRequest(draft, circumstances));
        expect(schema.error?.issues ?? []).toEqual([]);
      }
    }
    const draft = draftWith({ compared: allocationMethods, locationPriority: 'W1' });
    expect(contracts.compare.body.safeParse(compareRequest(draft, circumstances)).success).toBe(true);
  });
});

describe('what would be refused is known before', () => {
  test('a choice of no orders', () => {
    expect(faults({ demand: 'NUMBERS', orderNumbers: ' , ' })).toEqual(['/orderNumbers']);
    expect(faultsOf(draftWith({ demand: 'TICKED' }), { ...circumstances, ticked: [] })).toHaveLength(1);
  });

  test('location priority without a list, chosen as method, as pick or for comparison', () => {
    expect(faults({ method: 'LOCATION_PRIORITY' })).toEqual(['/locationPriority']);
    expect(faults({ method: 'MOVING_AVERAGE', pick: 'LOCATION_PRIORITY' })).toEqual(['/locationPriority']);
    expect(compareFaultsOf(draftWith({ compared: ['LOCATION_PRIORITY'] }), circumstances)).toHaveLength(1);
    expect(compareFaultsOf(draftWith({ compared: [] }), circumstances)).toHaveLength(1);
  });

  test('a fair share that is not partial', () => {
    expect(faults({ sequence: 'PRO_RATA', fulfilment: 'LINE_COMPLETE' })).toEqual(['/fulfilment']);
  });

  test('a cost that the stack does not record', () => {
    expect(allowedMethods(['MOVING_AVERAGE'])).toEqual(['MOVING_AVERAGE']);
    expect(firstDraft(['TOTAL_AVERAGE'])).toMatchObject({ method: 'TOTAL_AVERAGE', compared: ['TOTAL_AVERAGE'] });
    expect(faults({ cost: 'MOVING_AVERAGE' }, ['LOT'])).toHaveLength(1);
  });
});
