import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { address, api, demand, firstExample, openConsole } from './planner.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let views: readonly string[];

beforeAll(async () => {
  const { sku, orders } = await firstExample('EVERY');
  const { runId } = await api('/allocate', { orderNumbers: ['EVERY-O1', 'EVERY-O2'] });
  views = ['#/orders', `#/orders/${orders[0].id}`, '#/stock', `#/stock/${sku}`, '#/runs', `#/runs/${runId}`];
});

/** The plan with all that it can show, then each other view; `look` is asked at each. */
async function everywhere(page: Page, look: (place: string) => Promise<void>): Promise<void> {
  await demand(page, 'EVERY-O1', 'EVERY-O2');
  await page.getByText('Advanced').click();
  await page.getByText('Compared methods').click();
  await page.getByRole('button', { name: 'Compare methods' }).click();
  await page.getByRole('region', { name: 'Comparison' }).waitFor();
  await page.getByRole('button', { name: 'Preview FIFO' }).click();
  await page.getByRole('heading', { name: 'Preview: FIFO' }).waitFor();
  await look('#/plan');
  await page.getByRole('button', { name: 'Allocate…' }).click();
  await page.getByRole('dialog').waitFor();
  await look('the dialog');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  for (const view of views) {
    await page.goto(address + view);
    await page.locator('main table').last().waitFor();
    await look(view);
  }
}

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test('everything has a name, a role and enough contrast', async () => {
    const page = await openConsole({ colorScheme });
    const violations: unknown[] = [];

    await everywhere(page, async (place) => {
      await page.evaluate(axe);
      const found = (await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })`)) as {
        violations: { id: string; nodes: { html: string }[] }[];
      };
      for (const { id, nodes } of found.violations)
        violations.push([place, id, ...nodes.map(({ html }) => html.slice(0, 120))]);
    });

    expect(violations).toEqual([]);
  });
});

test.each([400, 1280])('at %d pixels nothing is cut off at the side', async (width) => {
  const page = await openConsole({ width });
  const wide: string[] = [];

  await everywhere(page, async (place) => {
    if ((await page.evaluate('document.documentElement.scrollWidth > innerWidth')) === true) wide.push(place);
  });

  expect(wide).toEqual([]);
});

test('a planner without a mouse gets from the plan to a preview', async () => {
  const page = await openConsole();
  await demand(page, 'EVERY-O1');
  const press = async (name: string) => {
    for (let tries = 0; tries < 40; tries++) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      if ((await focused.count()) > 0 && (await focused.innerText()).trim() === name) break;
    }
    await page.keyboard.press('Enter');
  };

  await press('Preview');

  await page.getByRole('heading', { name: 'Preview: FIFO' }).waitFor();
});
