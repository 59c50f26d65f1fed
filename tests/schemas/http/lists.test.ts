import { contracts } from '@inventory/schemas';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { endpoint } from '../../../functions/http/endpoint.ts';
import { pageReply } from '../../../functions/http/page.ts';
import { json, shell } from './shell.ts';

const { listMovements, listOrders, listRuns, readAvailability } = contracts;
const orders = { method: 'GET', resource: '/orders', scope: 'orders:read' };
const movements = { method: 'GET', resource: '/movements', scope: 'inventory:read' };
const numbers = Array.from({ length: 5 }, (_, index) => `SO-${index + 1}`);

/** A list of five numbers, each its own key. */
const send = shell([
  endpoint(listOrders, ({ page }) => {
    const rest = numbers.filter((number) => page.after === null || number > page.after);
    const items = rest.slice(0, page.limit);
    const next = rest.length > page.limit ? (items.at(-1) ?? null) : null;
    return { status: 200, body: pageReply(page, { items, next }, (orderNumber) => ({ orderNumber })) };
  }),
  endpoint(listMovements, ({ page }) => ({ status: 200, body: { items: [], nextCursor: page.cursorAfter('SO-2') } })),
]);

describe('a cursor', () => {
  const page = async (query: Record<string, string>) =>
    json(await send({ ...orders, query: { limit: '2', ...query } }));

  test('leads through the whole list, once', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { items, nextCursor } = await page(cursor === null ? {} : { cursor });
      seen.push(...items.map(({ orderNumber }: { orderNumber: string }) => orderNumber));
      cursor = nextCursor;
    } while (cursor !== null);

    expect(seen).toEqual(numbers);
  });

  test('goes on with another length of the page', async () => {
    const { nextCursor } = await page({});

    expect((await page({ cursor: nextCursor, limit: '200' })).items).toHaveLength(3);
  });

  test('that was tampered with is refused, whichever character', async () => {
    const { nextCursor } = await page({});
    const other = (character: string) => (character === 'A' ? 'B' : 'A');
    const tampered = [...nextCursor].map(
      (character: string, at) => nextCursor.slice(0, at) + other(character) + nextCursor.slice(at + 1),
    );

    for (const cursor of [...tampered, `${nextCursor}A`, `${nextCursor}=`, nextCursor.slice(0, -1), '', 'null', '💣']) {
      expect((await page({ cursor })).code, cursor).toBe('INVALID_CURSOR');
    }
  });

  test('belongs to its filters and to its path', async () => {
    const { nextCursor } = await page({ sku: 'A' });
    const ofMovements = json(await send(movements)).nextCursor;

    expect((await page({ sku: 'A', cursor: nextCursor })).items).toHaveLength(2);
    for (const query of [{ cursor: nextCursor }, { cursor: nextCursor, sku: 'B' }, { cursor: ofMovements }]) {
      expect((await page(query)).code).toBe('INVALID_CURSOR');
    }
  });
});

test('a parameter is given once', async () => {
  const answered = await send({ ...orders, query: { sku: ['A', 'B'] } });

  expect(answered.status).toBe(422);
  expect(json(answered).errors).toEqual([{ pointer: '/query/sku', detail: 'is given more than once' }]);
});

describe('a list as CSV', () => {
  const list = (contract: typeof listMovements, items: unknown[], nextCursor: string | null = null) =>
    shell([endpoint(contract, () => ({ status: 200, body: { items, nextCursor } }))]);
  const csv = { accept: 'text/csv' };
  const movement = {
    entryNumber: 1,
    kind: 'SHIP',
    sku: 'A',
    inventoryId: null,
    quantityDelta: '-10.5',
    valueDelta: '-120.00',
    reference: 'r',
    actor: 'me',
    at: 't',
    effectiveAt: 't',
  };

  test('has a column per member and a row per item', async () => {
    const answered = await list(listMovements, [movement], 'c-1')({ ...movements, headers: csv });

    expect(answered.headers).toMatchObject({ 'Content-Type': 'text/csv; charset=utf-8', 'Next-Cursor': 'c-1' });
    expect(answered.text).toBe(
      'entryNumber,kind,sku,inventoryId,quantityDelta,valueDelta,reference,actor,at,effectiveAt\r\n' +
        '1,SHIP,A,,-10.5,-120.00,r,me,t,t\r\n',
    );
  });

  test('has its header when it is empty', async () => {
    const answered = await list(listMovements, [])({ ...movements, headers: csv });

    expect(answered.text).toMatch(/^entryNumber,.*\r\n$/);
    expect(answered.headers['Next-Cursor']).toBeUndefined();
  });

  test.each([
    ['=1+1', "'=1+1"],
    ['+cmd', "'+cmd"],
    ['-cmd', "'-cmd"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1', "'＝1"],
    ['-5', '-5'],
    ['-0.50', '-0.50'],
    ['a=1', 'a=1'],
    ['say "hi", you', 'say "hi", you'],
    ['a\nb', 'a\nb'],
  ])('defuses what a spreadsheet would run: %j', async (sku, cell) => {
    const answered = await list(listMovements, [{ ...movement, sku }])({ ...movements, headers: csv });

    expect(parse(answered.text, { columns: true })).toMatchObject([{ sku: cell }]);
  });

  test('spreads objects over columns and writes lists as JSON', async () => {
    const run = { id: 'r', strategy: { pick: 'FIFO', cost: 'LOT' }, totals: { requested: '12' }, status: 'COMMITTED' };
    const runs = shell([endpoint(listRuns, () => ({ status: 200, body: { items: [run], nextCursor: null } }))]);
    const withLines = shell([
      endpoint(listOrders, () => ({
        status: 200,
        body: { items: [{ id: 'o', lines: [{ sku: 'A' }] }], nextCursor: null },
      })),
    ]);

    const [row] = parse<Record<string, string>>(
      (await runs({ ...orders, resource: '/allocation-runs', headers: csv })).text,
      {
        columns: true,
      },
    );
    expect(row).toMatchObject({ id: 'r', 'strategy.pick': 'FIFO', 'totals.requested': '12', status: 'COMMITTED' });
    expect(parse((await withLines({ ...orders, headers: csv })).text, { columns: true })).toMatchObject([
      { id: 'o', lines: '[{"sku":"A"}]' },
    ]);
  });

  test('of one SKU is one row', async () => {
    const availability = {
      sku: 'A',
      onHand: '3',
      allocated: '0',
      reserved: '0',
      onHold: '0',
      expired: '0',
      available: '3',
    };
    const one = shell([endpoint(readAvailability, () => ({ status: 200, body: availability }))]);
    const answered = await one({ ...movements, resource: '/availability', query: { sku: 'A' }, headers: csv });

    expect(answered.text).toBe('sku,onHand,allocated,reserved,onHold,expired,available\r\nA,3,0,0,0,0,3\r\n');
  });

  test.each([
    ['text/csv', 'text/csv'],
    ['text/csv, application/json;q=0.5', 'text/csv'],
    ['text/*', 'text/csv'],
    ['application/json, text/csv', 'application/json'],
    ['text/csv;q=0.1, */*', 'application/json'],
    ['*/*', 'application/json'],
    ['text/html', 'application/json'],
  ])('is what Accept: %s asks for: %s', async (accept, mediaType) => {
    const answered = await list(listMovements, [])({ ...movements, headers: { accept } });

    expect(answered.headers['Content-Type']).toContain(mediaType);
  });

  test('is no form of a problem', async () => {
    const answered = await send({ ...movements, query: { limit: '0' }, headers: csv });

    expect(answered.headers['Content-Type']).toBe('application/problem+json');
  });
});
