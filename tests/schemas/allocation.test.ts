import { contracts } from '@inventory/schemas';
import { describe, expect, test } from 'vitest';
import { anId, anotherId, aRun, parsed, refusal } from './given.ts';

const { allocate, compare, shipResult, releaseResult } = contracts;
const accepted = (body: unknown) => parsed(allocate, { body }).body;
const refused = (body: unknown, around = {}) => refusal(allocate, { body }, around);

describe('the choice of orders', () => {
  test('is exactly one of orderIds, orderNumbers and filter', () => {
    expect(accepted({ filter: {} })).toMatchObject({ orderIds: null, orderNumbers: null, filter: { status: null } });
    expect(refused({}).errors).toEqual([': exactly one of orderIds, orderNumbers and filter is required']);
    expect(refused({ orderIds: [anId], orderNumbers: ['SO-1'], filter: {} }).errors).toEqual([
      '/orderNumbers: must not be given beside orderIds',
      '/filter: must not be given beside orderIds',
    ]);
  });

  test('is told wrong beside all other wrong fields', () => {
    expect(refused({ dryRun: 'yes', pick: 'RANDOM' }).errors).toEqual([
      '/pick: must be one of FIFO, LIFO, FEFO, SPECIFIC, LOWEST_COST, HIGHEST_COST, LOCATION_PRIORITY, FEWEST_LOTS',
      '/dryRun: must be a boolean',
      ': exactly one of orderIds, orderNumbers and filter is required',
    ]);
  });

  test('counts an order that is named twice once', () => {
    expect(accepted({ orderIds: [anId, anId.toUpperCase(), anotherId] }).orderIds).toEqual([anId, anotherId]);
  });

  test('has at most 10,000 orders', () => {
    const numbers = Array.from({ length: 10_000 }, (_, index) => `SO-${index}`);

    expect(accepted({ orderNumbers: numbers }).orderNumbers).toHaveLength(10_000);
    expect(refused({ orderNumbers: [...numbers, 'one more'] }).errors).toEqual([
      '/orderNumbers: must have at most 10000 items',
    ]);
    expect(refused({ orderIds: [] }).errors).toEqual(['/orderIds: must have at least 1 item']);
  });

  test('takes no id that is no UUID, and no unknown filter', () => {
    expect(refused({ orderIds: ['17'] }).errors).toEqual(['/orderIds/0: must be a UUID']);
    expect(refused({ filter: { state: 'OPEN' } }).errors).toEqual(['/filter/state: is not known here']);
  });
});

describe('the strategy', () => {
  test.each([
    [{ allocationMethod: 'FIFO', cost: 'MOVING_AVERAGE' }, '/cost'],
    [{ allocationMethod: 'MOVING_AVERAGE', cost: 'LOT' }, '/cost'],
    [{ allocationMethod: 'FIFO', pick: 'LIFO' }, '/pick'],
    [{ sequence: 'PRO_RATA', fulfilment: 'ORDER_COMPLETE' }, '/fulfilment'],
  ])('%j contradicts itself', (choices, pointer) => {
    const { code, errors } = refused(aRun(choices));

    expect(code).toBe('INVALID_COMBINATION');
    expect(errors[0]).toMatch(new RegExp(`^${pointer}: `));
  });

  test('uses only the cost bases of the stack', () => {
    expect(refused(aRun({ cost: 'LOT' }), { allowedCosts: ['MOVING_AVERAGE'] })).toMatchObject({
      code: 'COST_NOT_ALLOWED',
      errors: ['/cost: must be one of MOVING_AVERAGE'],
    });
    expect(refused(aRun(), { allowedCosts: ['MOVING_AVERAGE'] }).code).toBe('COST_NOT_ALLOWED');
  });

  test.each([{ allocationMethod: 'LOCATION_PRIORITY' }, { pick: 'LOCATION_PRIORITY', cost: 'MOVING_AVERAGE' }])(
    '%j needs a list of locations',
    (choices) => {
      expect(refused(aRun(choices)).errors).toEqual(['/locationPriority: is required for LOCATION_PRIORITY']);
      expect(accepted(aRun({ ...choices, locationPriority: ['W1'] }))).toMatchObject({ locationPriority: ['W1'] });
    },
  );
});

describe('the picks of a run', () => {
  const pick = { orderId: anId, lineNumber: 1, inventoryId: anotherId, quantity: '5' };

  test('are for SPECIFIC alone', () => {
    expect(accepted(aRun({ allocationMethod: 'SPECIFIC', picks: [pick] })).picks).toHaveLength(1);
    expect(accepted(aRun({ pick: 'SPECIFIC', cost: 'MOVING_AVERAGE', picks: [pick] })).picks).toHaveLength(1);
    expect(refused(aRun({ picks: [pick] }))).toMatchObject({
      code: 'INVALID_COMBINATION',
      errors: ['/picks: picks are for SPECIFIC, not for FIFO'],
    });
  });

  test('name a lot once for a line', () => {
    const again = aRun({ pick: 'SPECIFIC', picks: [pick, { ...pick, lineNumber: 2 }, pick] });

    expect(refused(again).errors).toEqual(['/picks/2/inventoryId: is given twice']);
  });
});

describe('weights and steps', () => {
  test('are decimals, and name an order once', () => {
    const weights = [
      { orderId: anId, weight: 0 },
      { orderId: anotherId, weight: '2.5' },
    ];

    expect(accepted(aRun({ sequence: 'PRO_RATA', weights, quantityStep: '0.5' }))).toMatchObject({
      weights: [
        { orderId: anId, weight: 0n },
        { orderId: anotherId, weight: 2_500_000n },
      ],
      quantityStep: 500_000n,
    });
    expect(accepted(aRun()).quantityStep).toBe(1_000_000n);
    expect(refused(aRun({ weights: [...weights, { orderId: anId, weight: -1 }], quantityStep: 0 })).errors).toEqual([
      '/weights/2/weight: must not be negative',
      '/weights/2/orderId: is given twice',
      '/quantityStep: must be above 0',
    ]);
  });
});

describe('asOf', () => {
  const asOf = '2026-02-01T00:00:00Z';

  test('looks ahead in a dry run only', () => {
    expect(accepted(aRun({ asOf, dryRun: true })).asOf).toBe('2026-02-01T00:00:00.000Z');
    expect(refused(aRun({ asOf })).errors).toEqual(['/asOf: must not be in the future']);
    expect(parsed(compare, { body: { filter: {}, methods: ['FIFO'], asOf } }).body.asOf).toBeDefined();
  });
});

describe('a comparison', () => {
  const errorsOf = (body: object, around = {}) => refusal(compare, { body: { filter: {}, ...body } }, around);
  const picks = [{ orderId: anId, lineNumber: 1, inventoryId: anotherId, quantity: '5' }];

  test('names its methods, each once', () => {
    expect(errorsOf({}).errors).toEqual(['/methods: is required']);
    expect(errorsOf({ methods: [] }).errors).toEqual(['/methods: must have at least 1 item']);
    expect(errorsOf({ methods: ['FIFO', 'LIFO', 'FIFO'] }).errors).toEqual(['/methods/2: is given twice']);
    expect(errorsOf({ methods: ['LIFO', 'LOCATION_PRIORITY'] }).errors).toEqual([
      '/locationPriority: is required for LOCATION_PRIORITY',
    ]);
  });

  test('takes picks where all methods are SPECIFIC', () => {
    expect(parsed(compare, { body: { filter: {}, methods: ['SPECIFIC'], picks } }).body.picks).toHaveLength(1);
    expect(errorsOf({ methods: ['SPECIFIC', 'FIFO', 'LIFO'], picks })).toMatchObject({
      code: 'INVALID_COMBINATION',
      errors: ['/picks: picks are for SPECIFIC, not for FIFO'],
    });
  });

  test('says which method the stack does not allow', () => {
    expect(errorsOf({ methods: ['FIFO', 'MOVING_AVERAGE'] }, { allowedCosts: ['LOT'] })).toMatchObject({
      code: 'COST_NOT_ALLOWED',
      errors: ['/methods/1: must be one of LOT'],
    });
  });

  test.each(['allocationMethod', 'pick', 'cost', 'dryRun', 'onShortage', 'explain'])('does not take %s', (member) => {
    expect(errorsOf({ methods: ['FIFO'], [member]: 'FIFO' }).errors).toEqual([`/${member}: is not known here`]);
  });
});

describe('a release and a shipment', () => {
  const params = { resultId: anId };

  test('are of all that is left, or of a quantity', () => {
    expect(parsed(releaseResult, { params, body: {} }).body).toEqual({ quantity: null });
    expect(parsed(shipResult, { params, body: { quantity: 4 } }).body).toEqual({
      quantity: 4_000_000n,
      shippedAt: null,
    });
    expect(refusal(releaseResult, { params, body: { quantity: '0', shippedAt: null } }).errors).toEqual([
      '/quantity: must be above 0',
      '/shippedAt: is not known here',
    ]);
  });

  test('do not happen in the future', () => {
    expect(refusal(shipResult, { params, body: { shippedAt: '2026-02-01T00:00:00Z' } }).errors).toEqual([
      '/shippedAt: must not be in the future',
    ]);
  });
});
