import { expect, test } from 'vitest';
import { address, allScopes, api, firstExample, openConsole, openPage, paste, tokenFor } from './planner.ts';

test('signs in with the issuer, comes back to the view, and is forgotten on signing out', async () => {
  const page = await openPage({ view: '#/stock' });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(asked).toEqual([]);

  await page.getByRole('button', { name: 'Sign in' }).click();

  await page.getByRole('heading', { name: 'Stock' }).waitFor();
  expect(page.url()).toBe(`${address}#/stock`);
  expect(asked).toContain('/.well-known/openid-configuration');
  expect(asked).toContain('/oauth2/token');
  await page.getByText('local-planner').first().click();
  expect(await page.getByRole('list', { name: 'Scopes' }).getByRole('listitem').allInnerTexts()).toContain(
    'allocate:run',
  );

  const revoked = page.waitForResponse((response) => response.url().endsWith('/oauth2/revoke'));
  await page.getByRole('button', { name: 'Sign out' }).click();
  expect((await revoked).status()).toBe(200);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
});

test('a session lives through a reload, and is renewed before it ends', async () => {
  const page = await openPage({ view: '#/runs' });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Runs' }).waitFor();
  await page.evaluate(`(() => {
    const name = 'inventory-allocation.session';
    const session = JSON.parse(sessionStorage.getItem(name));
    sessionStorage.setItem(name, JSON.stringify({ ...session, tokens: { ...session.tokens, expiresAt: Date.now() + 5000 } }));
  })()`);
  const renewed = page.waitForRequest((request) => request.postData()?.includes('grant_type=refresh_token') ?? false);

  await page.reload();

  await page.getByRole('heading', { name: 'Runs' }).waitFor();
  await renewed;
  await page.getByRole('link', { name: 'Stock' }).click();
  await page.getByRole('heading', { name: 'Stock' }).waitFor();
});

test('says so when the issuer refuses', async () => {
  const page = await openPage();
  await page.route('**/oauth2/token', (route) => route.fulfill({ status: 400, json: { error: 'invalid_grant' } }));

  await page.getByRole('button', { name: 'Sign in' }).click();

  await page.getByRole('alert').waitFor();
  expect(page.url()).not.toContain('code=');
});

test('asks to sign in again when a token has expired, and stays where it is', async () => {
  const { orders } = await firstExample('AGAIN');
  const page = await openPage({ view: `#/orders/${orders[0].id}` });

  await paste(page, await tokenFor(allScopes, -1));
  await page.getByText('Your session has ended.').waitFor();
  await paste(page, await tokenFor());

  await page.getByRole('heading', { name: 'AGAIN-O1' }).waitFor();
  expect(await page.getByText('Your session has ended.').count()).toBe(0);
});

test('what the token does not allow is disabled and says which scope is missing', async () => {
  const { orders } = await firstExample('READER');
  await api('/allocate', { orderNumbers: ['READER-O1'] });
  const page = await openConsole({ scope: ['orders:read', 'inventory:read', 'allocate:simulate'] });

  const allocate = page.getByRole('button', { name: 'Allocate…' });
  expect(await allocate.isDisabled()).toBe(true);
  expect(await allocate.getAttribute('title')).toBe('Your token lacks the scope allocate:run');
  expect(await page.getByRole('button', { name: 'Compare methods' }).isEnabled()).toBe(true);

  await page.goto(`${address}#/orders/${orders[0].id}`);
  const ship = page.getByRole('button', { name: 'Ship 10' });
  await ship.waitFor();
  expect([await ship.isDisabled(), await ship.getAttribute('title')]).toEqual([
    true,
    'Your token lacks the scope ship',
  ]);
  await page.goto(`${address}#/orders`);
  const importing = page.getByRole('button', { name: 'Import CSV' });
  expect([await importing.isDisabled(), await importing.getAttribute('title')]).toEqual([
    true,
    'Your token lacks the scope orders:write',
  ]);
});

test('a token that does not say what it allows is tried', async () => {
  const page = await openPage();

  await paste(page, 'opaque');

  expect(await page.getByRole('button', { name: 'Allocate…' }).isEnabled()).toBe(true);
  await page.getByRole('link', { name: 'Orders', exact: true }).click();
  await page.getByText('Your session has ended.').waitFor();
});
