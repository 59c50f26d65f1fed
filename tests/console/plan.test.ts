import { expect, test } from 'vitest';
import { address, api, cellsOf, demand, firstExample, flat, openConsole } from './planner.ts';

test('compares, previews, explains and allocates with the numbers of the definition', async () => {
  const { lots } = await firstExample('DEF');
  const page = await openConsole();
  await demand(page, 'DEF-O1', 'DEF-O2');

  await page.getByRole('button', { name: 'Compare methods' }).click();
  const comparison = page.getByRole('region', { name: 'Comparison' });
  await comparison.waitFor();
  expect(await cellsOf(page, /Preview FIFO/)).toEqual(['15', '7', '68.2 %', '170.00', '2', '0']);
  expect(await cellsOf(page, /Preview Moving average/)).toEqual(['15 =', '7 =', '68.2 %', '170.00 =', '2 =', '0 =']);

  await comparison.getByRole('button', { name: 'Preview FIFO' }).click();
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByRole('link', { name: 'DEF-O2' }).waitFor();
  await preview.getByText('DEF-L2').first().waitFor();
  const rows = await preview.locator('tbody tr').allInnerTexts();
  expect(rows.map(flat)).toEqual([
    'DEF-O1 priority 5 12 140.00',
    '1 DEF-COFFEE DEF-L1 W1 10 12.00 120.00 why?',
    'DEF-L2 W2 2 10.00 20.00',
    'DEF-O2 priority 5 3 30.00',
    '1 DEF-COFFEE DEF-L2 W2 3 10.00 30.00 why?',
    '7 allocated to others short −7 short of 10',
  ]);
  await preview.getByText('7 short on 1 line, because').waitFor();
  await preview.getByText('It exists, and other lines hold it already.').waitFor();

  await preview.getByRole('button', { name: 'Why, line 1' }).last().click();
  const candidates = preview.getByRole('table', { name: 'Candidate lots' });
  await candidates.getByText('2026-01-01 00:00').waitFor();
  expect((await candidates.getByRole('row').allInnerTexts()).slice(1).map(flat)).toEqual([
    '1 DEF-L2 W2 2026-01-05 00:00 no expiry 10.00 3 3 Taken',
    '2 DEF-L1 W1 2026-01-01 00:00 no expiry 12.00 0 0 Allocated to others',
  ]);
  expect((await api(`/inventories/${lots[0].id}`)).allocatedQuantity).toBe('0');

  await preview.getByRole('button', { name: 'Allocate this…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Allocate?' });
  expect(flat(await dialog.innerText())).toContain(
    'Orders 2: DEF-O1, DEF-O2 Method FIFO Rules By priority, partial Preview 15 of 22 units from 2 lots for 170.00 USD; 7 fall short',
  );
  await dialog.getByRole('button', { name: 'Allocate', exact: true }).click();

  await page.waitForURL(/#\/runs\/[0-9a-f-]{36}$/);
  await page.getByText('Committed').waitFor();
  await page.getByRole('region', { name: 'Results' }).getByText('140.00').waitFor();
  await page.getByRole('region', { name: 'Results' }).getByText('30.00').first().waitFor();
  await page.getByRole('button', { name: 'Why, line 1' }).first().waitFor();
  expect((await api(`/inventories/${lots[0].id}`)).allocatedQuantity).toBe('10');
});

test('marks the best of each column, among the methods that fill the most', async () => {
  await api('/inventories', [
    { sku: 'BEST', location: 'W1', quantity: 10, unitCost: '12.00', receivedAt: '2026-01-01T00:00:00Z' },
    { sku: 'BEST', location: 'W2', quantity: 10, unitCost: '10.00', receivedAt: '2026-01-05T00:00:00Z' },
  ]);
  await api('/orders', { orderNumber: 'BEST-1', lines: [{ sku: 'BEST', quantity: 10 }] });
  const page = await openConsole();
  await demand(page, 'BEST-1');
  await page.getByText('Compared methods').click();
  await page.getByLabel('Specific lots').check();

  await page.getByRole('button', { name: 'Compare methods' }).click();

  await page.getByRole('region', { name: 'Comparison' }).waitFor();
  expect(await cellsOf(page, /Preview LIFO/)).toEqual([
    '10 (best) =',
    '0 (best) =',
    '100.0 % (best)',
    '100.00 (best) −20.00',
    '1 =',
    '0 =',
  ]);
  // It costs nothing and uses nothing, since it fills nothing.
  expect(await cellsOf(page, /Preview Specific lots/)).toEqual([
    '0 −10',
    '10 +10',
    '0.0 %',
    '0.00 −120.00',
    '0 −1',
    '0 =',
  ]);
});

test('prevents what the API would refuse, and says why', async () => {
  const page = await openConsole();
  const compare = page.getByRole('button', { name: 'Compare methods' });

  await page.getByText('Numbers', { exact: true }).click();
  expect(await compare.isDisabled()).toBe(true);
  await page.getByText('Type or paste at least one order number.').waitFor();

  await page.getByText('All open', { exact: true }).click();
  await page.getByLabel('Method', { exact: true }).selectOption('LOCATION_PRIORITY');
  expect(await page.getByRole('button', { name: 'Preview', exact: true }).isDisabled()).toBe(true);
  await page.getByText('Location priority needs a list of locations').waitFor();
  await page.getByRole('textbox', { name: 'Location priority' }).fill('W1, W2');
  expect(await page.getByRole('button', { name: 'Preview', exact: true }).isEnabled()).toBe(true);

  await page.getByLabel('Fulfilment').selectOption('ORDER_COMPLETE');
  await page.getByLabel('Sequence').selectOption('PRO_RATA');
  expect(await page.getByLabel('Fulfilment').inputValue()).toBe('PARTIAL');
  expect(await page.getByLabel('Fulfilment').locator('option:disabled').allInnerTexts()).toEqual([
    'Whole lines',
    'Whole orders',
  ]);
});

test('shows what the API refuses beside its field', async () => {
  const page = await openConsole();
  await demand(page, 'NOBODY-1');
  await page.getByRole('button', { name: 'Preview', exact: true }).click();

  await page.getByRole('alert').getByText('UNKNOWN_ORDER').waitFor();

  await page.getByText('All open', { exact: true }).click();
  await page.getByLabel('Sequence').selectOption('PRO_RATA');
  await page.getByLabel('Quantity step').fill('two');
  await page.getByRole('button', { name: 'Preview', exact: true }).click();

  await page.getByText('must be a decimal such as 12 or 10.5').first().waitFor();
  expect(await page.getByLabel('Quantity step').getAttribute('aria-invalid')).toBe('true');
});

test('allocates once when the answer is lost, and when the database wakes up', async () => {
  const { lots } = await firstExample('LOST');
  const page = await openConsole();
  const keys: (string | undefined)[] = [];
  const fates = ['PUT_OFF', 'LOST'];
  await page.route('**/allocate', async (route) => {
    if (route.request().postDataJSON().dryRun) return route.continue();
    keys.push(route.request().headers()['idempotency-key']);
    const fate = fates.shift();
    if (fate === 'PUT_OFF') {
      const problem = { title: 'Try again later', status: 503, code: 'RETRY_LATER' };
      return route.fulfill({
        status: 503,
        headers: { 'Retry-After': '1', 'Content-Type': 'application/problem+json' },
        body: JSON.stringify(problem),
      });
    }
    if (fate === 'LOST') {
      await route.fetch();
      return route.abort();
    }
    return route.continue();
  });
  await demand(page, 'LOST-O1', 'LOST-O2');
  await page.getByRole('button', { name: 'Allocate…' }).click();
  const dialog = page.getByRole('dialog');

  await dialog.getByRole('button', { name: 'Allocate', exact: true }).click();
  await page.getByText('The database is waking up: trying again in 1 s.').waitFor();
  await dialog.getByText('The server cannot be reached').waitFor();
  await dialog.getByRole('button', { name: 'Try again' }).click();

  await page.waitForURL(/#\/runs\//);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  const { items } = await api(`/allocation-results?inventoryId=${lots[0].id}`);
  expect(items.map(({ quantity }: { quantity: string }) => quantity)).toEqual(['10']);
});

test('what waits to be sent again is not sent when the planner cancels', async () => {
  await firstExample('CANCEL');
  const page = await openConsole();
  let asked = 0;
  await page.route('**/allocate', (route) => {
    asked++;
    return route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, json: { code: 'RETRY_LATER' } });
  });
  await demand(page, 'CANCEL-O1');
  await page.getByRole('button', { name: 'Allocate…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Allocate', exact: true }).click();
  await page.getByText('The database is waking up').waitFor();

  await page.getByRole('button', { name: 'Cancel' }).click();

  await page.getByText('The database is waking up').waitFor({ state: 'detached' });
  await page.waitForTimeout(1_200);
  expect(asked).toBe(1);
});

test('a run that must not fall short is refused with what would be missing', async () => {
  await firstExample('FAIL');
  const page = await openConsole();
  await demand(page, 'FAIL-O1', 'FAIL-O2');
  await page.getByText('Advanced').click();
  await page.getByLabel('When something is short').selectOption('FAIL');

  await page.getByRole('button', { name: 'Allocate…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Allocate', exact: true }).click();

  await dialog.getByText('INSUFFICIENT_STOCK').waitFor();
  await dialog.getByText('7 short on 1 line, because').waitFor();
});

test('follows a large run until it is done', async () => {
  await api('/inventories', { sku: 'LARGE', location: 'W1', quantity: 2_000, unitCost: '1.00' });
  await api(
    '/orders',
    Array.from({ length: 15 }, (_, order) => ({
      orderNumber: `LARGE-${order}`,
      customerId: 'LARGE',
      lines: Array.from({ length: 80 }, () => ({ sku: 'LARGE', quantity: 1 })),
    })),
  );
  const page = await openConsole();
  await page.getByText('Filter', { exact: true }).click();
  await page.getByLabel('Customer').fill('LARGE');

  await page.getByRole('button', { name: 'Allocate…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Allocate', exact: true }).click();

  await page.waitForURL(/#\/runs\//);
  await page.getByText('Committed').waitFor();
  await page.getByText('1,200').first().waitFor();
  const results = page.getByRole('region', { name: 'Results' });
  await results.getByRole('button', { name: 'Load more' }).click();
  await expect.poll(() => results.getByRole('row').count()).toBe(101);
});

test('keeps the plan and its answers while the planner looks elsewhere', async () => {
  await firstExample('KEEP');
  const page = await openConsole();
  await demand(page, 'KEEP-O1');
  await page.getByRole('button', { name: 'Preview', exact: true }).click();
  await page.getByRole('link', { name: 'KEEP-O1' }).click();
  await page.getByRole('heading', { name: 'KEEP-O1' }).waitFor();

  await page.goBack();

  expect(await page.getByLabel('Order numbers').inputValue()).toBe('KEEP-O1');
  await page.getByRole('heading', { name: 'Preview: FIFO' }).waitFor();
  await page.getByLabel('Sequence').selectOption('SHIP_DATE');
  await page.getByText('The plan has changed since. Preview again to see it.').waitFor();
});

test('a link says as of when the plan is made', async () => {
  const page = await openConsole({ view: '#/plan?asOf=2026-01-31T13:00' });

  await page.getByText('Advanced 1').click();

  expect(await page.getByLabel('As of').inputValue()).toBe('2026-01-31T13:00');
  expect(page.url()).toBe(`${address}#/plan`);
  await page.evaluate(`location.hash = '#/plan?asOf=tomorrow'`);
  await page.waitForURL(`${address}#/plan`);
  expect(await page.getByLabel('As of').inputValue()).toBe('2026-01-31T13:00');
});
