import { expect, test } from 'vitest';
import { api, demand, openConsole } from './planner.ts';

const hostile = (name: string) => `${name}<img src=x onerror=alert(1)>"';</script><b>`;

test('names that are markup are shown as they are, and run nothing', async () => {
  const sku = hostile('SKU');
  const orderNumber = hostile('ORDER');
  await api('/inventories', { sku, location: hostile('W'), quantity: 5, unitCost: '1.00', lotNumber: hostile('LOT') });
  const order = await api('/orders', { orderNumber, customerId: hostile('CUSTOMER'), lines: [{ sku, quantity: 7 }] });
  const page = await openConsole();

  await demand(page, orderNumber);
  // Commas and semicolons separate order numbers, so such an order is ticked instead.
  await page.getByRole('link', { name: 'Orders', exact: true }).click();
  await page.getByLabel('Customer').fill(hostile('CUSTOMER'));
  await page.getByLabel(`Tick order ${orderNumber}`).check();
  await page.getByRole('button', { name: 'Plan it' }).click();
  await page.getByRole('button', { name: 'Preview', exact: true }).click();
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByRole('link', { name: sku }).waitFor();
  await preview.getByText(hostile('LOT')).waitFor();
  await preview.getByText(hostile('W'), { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Allocate…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Allocate', exact: true }).click();
  await page.waitForURL(/#\/runs\//);
  await page.getByRole('link', { name: orderNumber }).waitFor();

  await page.getByRole('link', { name: orderNumber }).click();
  await page.getByRole('heading', { name: orderNumber }).waitFor();
  expect(page.url()).toContain(order.id);
  await page.getByRole('link', { name: sku }).first().click();
  await page.getByRole('heading', { name: sku }).waitFor();
  await page.getByRole('region', { name: 'Lots' }).getByText(hostile('LOT')).waitFor();
  await page.getByText('5 Allocated').waitFor();
  expect(await page.locator('img').count()).toBe(0);
});
