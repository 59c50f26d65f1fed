import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { api, cellsOf, firstExample, openConsole } from './planner.ts';

const csv = (text: string) => ({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

test('imports a CSV file, after it has told what is wrong with it', async () => {
  const page = await openConsole({ view: '#/orders' });
  await page.getByRole('button', { name: 'Import CSV' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import orders' });

  await dialog.getByLabel('CSV file').setInputFiles(csv('orderNumber,sku,quantity\nIMP-1,TEA,-3\nIMP-2,,5\n'));
  await dialog.getByRole('button', { name: 'Import' }).click();
  await dialog.getByText('2 cells are wrong; nothing was imported.').waitFor();
  const rows = await dialog.getByRole('table', { name: 'Wrong cells' }).getByRole('row').allInnerTexts();
  expect(rows.slice(1).map((row) => row.split('\t'))).toEqual([
    ['2', 'quantity', 'must be above 0'],
    ['3', 'sku', 'is required'],
  ]);

  await dialog
    .getByLabel('CSV file')
    .setInputFiles(csv('orderNumber,sku,quantity\nIMP-1,TEA,3\nIMP-1,MUG,2\nIMP-2,TEA,5\n'));
  await dialog.getByRole('button', { name: 'Import' }).click();
  await dialog.getByText('3 rows read, 2 orders made.').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  await page.getByRole('link', { name: 'IMP-1' }).waitFor();
});

test('exports all pages as one file', async () => {
  const numbers = Array.from({ length: 205 }, (_, index) => `EXP-${index}`);
  await api(
    '/orders',
    numbers.map((orderNumber) => ({ orderNumber, customerId: 'EXP', lines: [{ sku: 'EXP', quantity: 1 }] })),
  );
  const page = await openConsole({ view: '#/orders' });
  await page.getByLabel('Customer').fill('EXP');
  const download = page.waitForEvent('download');

  await page.getByRole('button', { name: 'Export CSV' }).click();

  const file = await download;
  expect(file.suggestedFilename()).toBe('orders.csv');
  const rows = (await text(await file.createReadStream())).trim().split('\r\n');
  expect(rows[0]).toMatch(/^id,orderNumber,/);
  expect(rows.slice(1).map((row) => row.split(',')[1])).toEqual(numbers.toReversed());
});

test('loads more, filters, and plans what is ticked', async () => {
  await api(
    '/orders',
    Array.from({ length: 60 }, (_, index) => ({
      orderNumber: `TICK-${index}`,
      customerId: 'TICK',
      lines: [{ sku: 'TICK', quantity: 2 }],
    })),
  );
  const page = await openConsole({ view: '#/orders' });
  const filtered = page.waitForResponse(/customerId=TICK$/);
  await page.getByLabel('Customer').fill('TICK');
  await filtered;
  await expect.poll(() => page.getByRole('row').count()).toBe(51);
  await page.getByRole('button', { name: 'Load more' }).click();
  await expect.poll(() => page.getByRole('row').count()).toBe(61);
  expect(await cellsOf(page, /TICK-7\b/)).toEqual([
    '',
    'TICK',
    '5',
    expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d$/),
    '',
    '1',
    '0 of 2',
    'Open',
  ]);

  await page.getByLabel('Tick order TICK-7', { exact: true }).check();
  await page.getByLabel('Tick order TICK-8', { exact: true }).check();
  await page.getByText('2 orders ticked').waitFor();
  await page.getByRole('button', { name: 'Plan them' }).click();

  await page.getByText('TICK-7, TICK-8.').waitFor();
  const asked = page.waitForRequest('**/allocate/compare');
  await page.getByRole('button', { name: 'Compare methods' }).click();
  const { items } = await api('/orders?customerId=TICK&limit=200');
  const idOf = (number: string) => items.find((order: { orderNumber: string }) => order.orderNumber === number).id;
  expect((await asked).postDataJSON().orderIds.toSorted()).toEqual([idOf('TICK-7'), idOf('TICK-8')].toSorted());
});

test('an empty list says what to do next', async () => {
  const page = await openConsole({ view: '#/orders' });

  await page.getByLabel('Order number').fill('NO-SUCH-ORDER');

  await page.getByText('No order is like that').waitFor();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await page.getByText('No order is like that').waitFor({ state: 'detached' });
});

test('ships a part of a result and releases another', async () => {
  const { orders } = await firstExample('MOVE');
  await api('/allocate', { orderNumbers: ['MOVE-O1', 'MOVE-O2'] });
  const page = await openConsole({ view: `#/orders/${orders[0].id}` });
  await page.getByRole('button', { name: 'Ship 10 of MOVE-COFFEE, line 1' }).click();
  const ship = page.getByRole('dialog', { name: 'Ship?' });

  await ship.getByLabel('Quantity').fill('100');
  await ship.getByRole('button', { name: 'Ship', exact: true }).click();
  await ship.locator('.fault').waitFor();
  await ship.getByLabel('Quantity').fill('4');
  await ship.getByRole('button', { name: 'Ship', exact: true }).click();
  await ship.waitFor({ state: 'detached' });
  await page.getByText('Partially shipped').first().waitFor();

  await page.getByRole('button', { name: 'Release 2 of MOVE-COFFEE, line 1' }).click();
  await page.getByRole('dialog', { name: 'Release?' }).getByRole('button', { name: 'Release', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByText('Released').waitFor();

  const [line] = (await api(`/orders/${orders[0].id}`)).lines;
  expect([line.shippedQuantity, line.allocatedQuantity, line.backorderQuantity]).toEqual(['4', '6', '2']);
  await expect
    .poll(async () => (await cellsOf(page, /MOVE-COFFEE.*6 of 12|MOVE-COFFEE.*10 of 12/)).slice(2, 6))
    .toEqual(['12', '6', '4', '2']);
});

test('an order that does not exist is said not to', async () => {
  const page = await openConsole({ view: '#/orders/01985d3e-7c00-7000-8000-000000000001' });

  await page.getByRole('alert').getByText('NOT_FOUND').waitFor();
});
