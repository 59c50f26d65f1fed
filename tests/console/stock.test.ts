import { expect, test } from 'vitest';
import { api, cellsOf, firstExample, openConsole } from './planner.ts';

test('shows what a SKU has, its lots and its ledger', async () => {
  const soon = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  await api('/inventories', [
    {
      sku: 'SHOW',
      location: 'W1',
      quantity: 1_000,
      unitCost: '2.50',
      lotNumber: 'SHOW-1',
      expiresOn: soon,
      receivedAt: '2026-01-01T00:00:00Z',
    },
    {
      sku: 'SHOW',
      location: 'W2',
      quantity: 7,
      unitCost: '3',
      lotNumber: 'SHOW-2',
      status: 'ON_HOLD',
      receivedAt: '2026-01-01T00:00:00Z',
    },
    {
      sku: 'SHOW',
      location: 'W2',
      quantity: 5,
      unitCost: '3',
      lotNumber: 'SHOW-3',
      expiresOn: '2026-01-31',
      receivedAt: '2026-01-01T00:00:00Z',
    },
  ]);
  const page = await openConsole({ view: '#/stock' });
  await page.getByLabel('SKU').fill('SHOW');

  await page.getByRole('button', { name: 'Open' }).click();

  await page.getByRole('img', { name: 'Available 1000, Reserved 0, Allocated 0, On hold 7, Expired 5' }).waitFor();
  expect(await cellsOf(page, 'SHOW-1 W1')).toEqual([
    'W1',
    '2026-01-01 00:00',
    `${soon} 5 days left`,
    '1,000',
    '1,000',
    '0',
    '1,000',
    '2.50',
    '2,500.00',
    'Available',
  ]);
  expect((await cellsOf(page, 'SHOW-3 W2'))[2]).toBe('2026-01-31 expired');
  const movements = page.getByRole('region', { name: 'Movements' });
  await movements.getByText('+2,500.00').waitFor();
  expect(await movements.getByText('Receipt').count()).toBe(3);
});

test('receives a lot, and shows what is wrong beside its field', async () => {
  const page = await openConsole({ view: '#/stock' });
  await page.getByRole('button', { name: 'Receive a lot' }).click();
  const dialog = page.getByRole('dialog', { name: 'Receive a lot' });
  await dialog.getByLabel('SKU').fill('RECEIVED');
  await dialog.getByLabel('Location').fill('W1');
  await dialog.getByLabel('Quantity').fill('-1');
  await dialog.getByLabel('Unit cost').fill('1.5');
  await dialog.getByLabel('Received at').fill('2999-01-01T00:00');

  await dialog.getByRole('button', { name: 'Receive', exact: true }).click();
  await dialog.getByText('must be above 0').waitFor();
  expect(await dialog.getByLabel('Quantity').getAttribute('aria-invalid')).toBe('true');
  expect(await dialog.getByLabel('Received at').getAttribute('aria-invalid')).toBe('true');

  await dialog.getByLabel('Quantity').fill('2.25');
  await dialog.getByLabel('Received at').fill('2026-01-02T03:04');
  await dialog.getByRole('button', { name: 'Receive', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  const { items } = await api('/inventories?sku=RECEIVED');
  expect(items.map(({ quantity, receivedAt }: Record<string, string>) => [quantity, receivedAt])).toEqual([
    ['2.25', '2026-01-02T03:04:00.000Z'],
  ]);
});

test('the books are sound, and differences are listed', async () => {
  await firstExample('BOOKS');
  const page = await openConsole();

  await page.getByRole('button', { name: 'Check the books' }).click();
  await page.getByRole('button', { name: 'Books are sound' }).waitFor();

  const difference = {
    entity: 'INVENTORY',
    id: 'lot-1',
    counter: 'remainingQuantity',
    stored: '1234',
    expected: '1233',
  };
  await page.route('**/integrity', (route) => route.fulfill({ json: { differences: [difference] } }));
  await page.getByRole('button', { name: 'Books are sound' }).click();
  await page.getByRole('dialog', { name: '1 counters differ from the ledger' }).waitFor();
  expect(await cellsOf(page, /lot-1/)).toEqual(['Inventory', 'lot-1', 'remainingQuantity', '1,234', '1,233']);
});
