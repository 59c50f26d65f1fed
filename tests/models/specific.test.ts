import { expect, test } from 'vitest';
import { lot, order, pick, refusal, run, served, short } from './given.ts';

const lots = [lot('L1'), lot('L2', { receivedAt: '01-02' }), lot('B1', { sku: 'B' })];
const SPECIFIC = { allocationMethod: 'SPECIFIC', lots } as const;

test('takes the lots that the line names, in the given order, and never falls back to others', () => {
  const orders = [order('O1', [{ wants: 30, picks: [pick('L2', 3), pick('L1', 12)] }])];

  const allocation = run({ ...SPECIFIC, orders });

  expect(served(allocation)).toEqual({ 'O1/1': 'L2 3 + L1 10 = 130.00' });
  expect(short(allocation)).toEqual({ 'O1/1': 'short 17: LOT_SHORT 17' });
});

test('takes the picks of the request instead of those on the lines', () => {
  const orders = [
    order('O1', [{ wants: 5, picks: [pick('L1', 5)] }]),
    order('O2', [{ wants: 5, picks: [pick('L1', 5)] }]),
  ];
  const picks = new Map([['O1', new Map([[1, [pick('L2', 5)]]])]]);

  const allocation = run({ ...SPECIFIC, orders, picks });

  expect(served(allocation)).toEqual({ 'O1/1': 'L2 5 = 50.00' });
  expect(short(allocation)).toEqual({ 'O2/1': 'short 5: LOT_SHORT 5' });
});

test('a pick is worth its quantity less what the line already has from that lot', () => {
  const holdings = [{ inventoryId: 'L1', allocatedQuantity: 2_000_000n, shippedQuantity: 1_000_000n }];
  const begun = { wants: 10, openQuantity: 7_000_000n, picks: [pick('L1', 4), pick('L2', 6)], holdings };

  const allocation = run({ ...SPECIFIC, orders: [order('O1', [begun])] });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 1 + L2 6 = 70.00' });
});

test('a held or expired lot is LOT_ON_HOLD or LOT_EXPIRED, each at most its open quantity, and the rest LOT_SHORT', () => {
  const bad = [lot('L1', { quantity: 4, status: 'ON_HOLD', expiresOn: '01-01' }), lot('L2', { expiresOn: '01-19' })];
  const orders = [order('O1', [{ wants: 20, picks: [pick('L1', 6), pick('L2', 3)] }])];

  const allocation = run({ allocationMethod: 'SPECIFIC', lots: bad, orders });

  expect(short(allocation)).toEqual({ 'O1/1': 'short 20: LOT_ON_HOLD 4, LOT_EXPIRED 3, LOT_SHORT 13' });
});

test('complete-only comes first, and a lot not yet received explains nothing', () => {
  const some = [lot('L1', { quantity: 2 }), lot('L2', { receivedAt: '01-21' }), lot('L3', { status: 'ON_HOLD' })];
  const orders = [order('O1', [{ wants: 9, picks: [pick('L1', 3), pick('L2', 3), pick('L3', 3)] }])];

  const allocation = run({ allocationMethod: 'SPECIFIC', lots: some, orders, fulfilment: 'LINE_COMPLETE' });

  expect(short(allocation)).toEqual({ 'O1/1': 'short 9: POLICY_COMPLETE_ONLY 2, LOT_ON_HOLD 3, LOT_SHORT 4' });
});

test('a line without picks gets nothing', () => {
  const allocation = run({ ...SPECIFIC, orders: [order('O1', 5)] });

  expect(short(allocation)).toEqual({ 'O1/1': 'short 5: LOT_SHORT 5' });
});

test.each([
  ['more than the line', 'PICKS_EXCEED_LINE', [pick('L1', 3), pick('L2', 3)], '/picks/1'],
  ['a lot of another SKU', 'PICK_SKU_MISMATCH', [pick('B1', 1)], '/picks/0'],
  ['an unknown lot', 'VALIDATION_FAILED', [pick('L9', 1)], '/picks/0'],
  ['a lot twice', 'VALIDATION_FAILED', [pick('L1', 1), pick('L1', 1)], '/picks/1'],
])('refuses %s by %s', (_, code, named, pointer) => {
  const picks = new Map([
    ['O1', new Map([[1, named.map((each, index) => ({ ...each, pointer: `/picks/${index}` }))]])],
  ]);

  const refused = refusal(() => run({ ...SPECIFIC, orders: [order('O1', 5)], picks }));

  expect(refused).toEqual({ code, errors: [{ pointer, detail: expect.any(String) }] });
});

test('refuses picks of an order that is not in the run', () => {
  const picks = new Map([['O9', new Map([[1, [{ ...pick('L1', 1), pointer: '/picks/0' }]]])]]);

  const refused = refusal(() => run({ ...SPECIFIC, orders: [order('O1', 5)], picks }));

  expect(refused).toEqual({
    code: 'VALIDATION_FAILED',
    errors: [{ pointer: '/picks/0', detail: 'Order O9 is not in this run' }],
  });
});

test('names all wrong picks at once', () => {
  const orders = [order('O1', [{ wants: 2, picks: [pick('L9', 1), pick('B1', 5)] }])];

  const { code, errors } = refusal(() => run({ ...SPECIFIC, orders }));

  expect(code).toBe('VALIDATION_FAILED');
  expect(errors).toHaveLength(3);
});
