import { contracts } from '@inventory/schemas';
import { describe, expect, test } from 'vitest';
import { aLine, anId, anOrder, anotherId, parsed, refusal } from './given.ts';

const { createOrders, listOrders, readOrder } = contracts;
const accepted = (body: unknown) => parsed(createOrders, { body }).body;
const errorsOf = (body: unknown) => refusal(createOrders, { body }).errors;

describe('an order', () => {
  test('has defaults for what it leaves out, and null is the same as absent', () => {
    const whole = {
      orderNumber: 'SO-1',
      customerId: null,
      priority: 5,
      orderedAt: null,
      requestedShipDate: null,
      lines: [
        { lineNumber: 1, sku: 'A', quantity: 12_000_000n, minShelfLifeDays: null, picks: null, reservationId: null },
      ],
    };

    expect(accepted(anOrder())).toEqual(whole);
    expect(accepted(anOrder({ customerId: null, priority: null, orderedAt: null }))).toEqual(whole);
  });

  test('is one or an array of up to 1,000', () => {
    expect(accepted([anOrder(), anOrder({ orderNumber: 'SO-2' })])).toHaveLength(2);
    expect(errorsOf([])).toEqual([': must have at least 1 item']);
    expect(errorsOf(Array.from({ length: 1_001 }, () => anOrder()))).toEqual([': must have at most 1000 items']);
  });

  test('has 1 to 2,000 lines', () => {
    expect(accepted(anOrder({ lines: Array.from({ length: 2_000 }, () => aLine()) }))).toBeDefined();
    expect(errorsOf(anOrder({ lines: [] }))).toEqual(['/lines: must have at least 1 item']);
    expect(errorsOf(anOrder({ lines: Array.from({ length: 2_001 }, () => 0) }))).toEqual([
      '/lines: must have at most 2000 items',
    ]);
  });

  test('tells all wrong fields at once, by pointers from the root of the body', () => {
    const body = [
      anOrder(),
      {
        orderNumber: '',
        priority: 10,
        orderedAt: '2026-02-01T00:00:00Z',
        requestedShipDate: '2026-02-30',
        colour: 'red',
        'a/b~c': 1,
        lines: [aLine({ quantity: '0', id: anId }), 5, { sku: 'B', quantity: 'many' }],
      },
      'an order',
    ];

    expect(refusal(createOrders, { body })).toEqual({
      code: 'VALIDATION_FAILED',
      members: {},
      errors: [
        '/1/orderNumber: must not be empty',
        '/1/priority: must be a whole number from 1 to 9',
        '/1/requestedShipDate: 2026-02-30 is not a date from 1900 to 9999',
        '/1/lines/0/quantity: must be above 0',
        '/1/lines/0/id: is not known here',
        '/1/lines/1: must be an object',
        '/1/lines/2/quantity: must be a decimal such as 12 or 10.5',
        '/1/colour: is not known here',
        '/1/a~1b~0c: is not known here',
        '/2: must be an object',
      ],
    });
  });

  test.each([[null], [5], ['text'], [true]])('is an object or an array, not %j', (body) => {
    expect(errorsOf(body)).toEqual([': must be an object']);
  });

  test.each(['id', 'status', 'version', 'createdAt', 'constructor'])('does not take %s', (member) => {
    expect(errorsOf(anOrder({ [member]: 'x' }))).toEqual([`/${member}: is not known here`]);
  });

  test('refuses a __proto__ like any unknown member', () => {
    const body = JSON.parse('{"orderNumber":"SO-1","lines":[{"sku":"A","quantity":"1"}],"__proto__":{"priority":1}}');

    expect(errorsOf(body)).toEqual(['/__proto__: is not known here']);
  });

  test('may come from a shop whose clock is fast', () => {
    expect(accepted(anOrder({ orderedAt: '2026-01-31T12:00:01Z' }))).toMatchObject({
      orderedAt: '2026-01-31T12:00:01.000Z',
    });
  });
});

describe('line numbers', () => {
  const numbers = (...lines: object[]) => {
    const order = accepted(anOrder({ lines }));
    return Array.isArray(order) ? [] : order.lines.map(({ lineNumber }) => lineNumber);
  };

  test('are 1 to n where none is given', () => {
    expect(numbers(aLine(), aLine(), aLine())).toEqual([1, 2, 3]);
  });

  test('are the smallest free ones where some are given', () => {
    expect(numbers(aLine(), aLine({ lineNumber: 1 }), aLine({ lineNumber: 3 }), aLine())).toEqual([2, 1, 3, 4]);
  });

  test('exist once in an order', () => {
    expect(errorsOf(anOrder({ lines: [aLine({ lineNumber: 7 }), aLine({ lineNumber: 7 })] }))).toEqual([
      '/lines/1/lineNumber: is given twice',
    ]);
  });

  test.each([[0], [1.5], ['1'], [1_000_000], [true]])('are whole numbers from 1, not %j', (lineNumber) => {
    expect(errorsOf(anOrder({ lines: [aLine({ lineNumber })] }))).toEqual([
      '/lines/0/lineNumber: must be a whole number from 1 to 999999',
    ]);
  });
});

describe('the picks of a line', () => {
  const withPicks = (...picks: object[]) => anOrder({ lines: [aLine({ picks })] });

  test('name lots and quantities', () => {
    expect(accepted(withPicks({ inventoryId: anId.toUpperCase(), quantity: 12 }))).toMatchObject({
      lines: [{ picks: [{ inventoryId: anId, quantity: 12_000_000n }] }],
    });
  });

  test('name a lot once', () => {
    const twice = withPicks({ inventoryId: anId, quantity: '1' }, { inventoryId: anId.toUpperCase(), quantity: '2' });

    expect(errorsOf(twice)).toEqual(['/lines/0/picks/1/inventoryId: is given twice']);
  });

  test('do not exceed the line', () => {
    const more = withPicks({ inventoryId: anId, quantity: '12' }, { inventoryId: anotherId, quantity: '0.000001' });

    expect(refusal(createOrders, { body: more })).toMatchObject({
      code: 'PICKS_EXCEED_LINE',
      errors: ['/lines/0/picks: names more than the quantity of the line'],
    });
  });

  test('are one wrong field of many where something else is wrong too', () => {
    const order = { ...withPicks({ inventoryId: anId, quantity: '13' }), orderNumber: 7 };

    expect(refusal(createOrders, { body: order })).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: ['/orderNumber: must be a text', '/lines/0/picks: names more than the quantity of the line'],
    });
  });
});

test('a reservation is named by one line', () => {
  const lines = [aLine({ reservationId: anId }), aLine({ reservationId: anId })];

  expect(errorsOf(anOrder({ lines }))).toEqual(['/lines/1/reservationId: is given twice']);
});

describe('the list', () => {
  test('has 50 items a page unless said otherwise, at most 200', () => {
    expect(parsed(listOrders, {}).query).toEqual({
      orderNumber: null,
      status: null,
      customerId: null,
      sku: null,
      limit: 50,
      cursor: null,
    });
    expect(parsed(listOrders, { query: { limit: '200' } }).query.limit).toBe(200);
  });

  test('refuses unknown and wrong parameters, all at once', () => {
    const query = { limit: '201', status: 'open', sku: '', page: '2' };

    expect(refusal(listOrders, { query }).errors).toEqual([
      '/query/status: must be one of OPEN, PARTIALLY_ALLOCATED, ALLOCATED, PARTIALLY_SHIPPED, SHIPPED, CANCELLED',
      '/query/sku: must not be empty',
      '/query/limit: must be a whole number from 1 to 200',
      '/query/page: is not known here',
    ]);
  });

  test.each(['0', '-1', '1.5', 'ten', ' 5', '1e2', ''])('refuses the limit %j', (limit) => {
    expect(refusal(listOrders, { query: { limit } }).code).toBe('VALIDATION_FAILED');
  });
});

test('an id that is no UUID is not found', () => {
  expect(refusal(readOrder, { params: { orderId: '17' } }).code).toBe('NOT_FOUND');
  expect(parsed(readOrder, { params: { orderId: anId.toUpperCase() } }).params.orderId).toBe(anId);
});
