import { scopes } from '@inventory/schemas';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { findSigningKey, issueToken } from '../../functions/local/issuer.ts';

const { url, dataDirectory } = inject('consoleServer');
export const address = `${url}/console`;
export const allScopes = Object.keys(scopes);

let browser: Browser;
const contexts: BrowserContext[] = [];
const misdeeds: string[] = [];

beforeAll(async () => {
  browser = await chromium.connect(inject('browser'));
});

afterAll(() => browser?.close());

/** Whatever a test does: the page asks no other host, breaks no policy, and throws nothing. */
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  expect(misdeeds.splice(0)).toEqual([]);
});

type Opening = {
  /** The view, as `#/orders`. */
  readonly view?: string;
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
};

/** A fresh browser window on the page, with nobody signed in. */
export async function openPage({ view = '', width = 1280, colorScheme = 'light' }: Opening = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => misdeeds.push(`threw ${error.message}`));
  page.on('dialog', (dialog) => misdeeds.push(`opened a dialog: ${dialog.message()}`));
  page.on('console', (message) => {
    // Chromium writes a line of its own for every answer that is a refusal, or that never came.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource:'))
      misdeeds.push(message.text());
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== url && protocol !== 'data:' && protocol !== 'blob:') misdeeds.push(`asked ${request.url()}`);
  });
  await page.goto(address + view);
  return page;
}

/** The page as a planner sees it who has pasted a token with these scopes. */
export async function openConsole(opening: Opening & { readonly scope?: readonly string[] } = {}): Promise<Page> {
  const page = await openPage(opening);
  await paste(page, await tokenFor(opening.scope));
  return page;
}

export async function paste(page: Page, token: string): Promise<void> {
  await page.getByText('Use a token').click();
  await page.getByLabel('Bearer token').fill(token);
  await page.getByRole('button', { name: 'Use this token' }).click();
}

export async function tokenFor(scope: readonly string[] = allScopes, ttlSeconds = 600): Promise<string> {
  const key = await findSigningKey(dataDirectory);
  return issueToken(key!, { sub: 'planner@example.com', scope: scope.join(' '), ttlSeconds, now: new Date() });
}

/** The API beside the page, for what a test starts from and what it looks up afterwards. */
// biome-ignore lint/suspicious/noExplicitAny: a test asserts what it is
export async function api(path: string, body?: unknown): Promise<any> {
  const response = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${await tokenFor()}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

/** The stock and the orders of the first example: L1 10 @ 12.00 and L2 5 @ 10.00; O1 wants 12, O2 wants 10. */
export async function firstExample(name: string) {
  const sku = `${name}-COFFEE`;
  const lots = await api('/inventories', [
    {
      sku,
      location: 'W1',
      quantity: 10,
      unitCost: '12.00',
      receivedAt: '2026-01-01T00:00:00Z',
      lotNumber: `${name}-L1`,
    },
    {
      sku,
      location: 'W2',
      quantity: 5,
      unitCost: '10.00',
      receivedAt: '2026-01-05T00:00:00Z',
      lotNumber: `${name}-L2`,
    },
  ]);
  const orders = await api('/orders', [
    { orderNumber: `${name}-O1`, lines: [{ sku, quantity: 12 }] },
    { orderNumber: `${name}-O2`, lines: [{ sku, quantity: 10 }] },
  ]);
  return { sku, lots, orders };
}

/** Chooses these orders by number on the plan. */
export async function demand(page: Page, ...orderNumbers: readonly string[]): Promise<void> {
  await page.getByText('Numbers', { exact: true }).click();
  await page.getByLabel('Order numbers').fill(orderNumbers.join('\n'));
}

/** The texts of the cells of a row, as soon as it is there. */
export async function cellsOf(page: Page, name: string | RegExp): Promise<string[]> {
  const row = page.getByRole('row', { name }).first();
  await row.waitFor();
  return (await row.getByRole('cell').allInnerTexts()).map(flat);
}

/** On one line. */
export const flat = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
