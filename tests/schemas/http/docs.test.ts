import { createHash } from 'node:crypto';
import { errorCodes } from '@inventory/models';
import { contractList, contracts } from '@inventory/schemas';
import { expect, test } from 'vitest';
import { endpoint } from '../../../functions/http/endpoint.ts';
import { readDocs } from '../../../functions/main/docs.ts';
import { readHealth } from '../../../functions/main/health.ts';
import { readOpenApi } from '../../../functions/main/openapi.ts';
import { json, shell } from './shell.ts';

const send = shell([
  endpoint(contracts.readDocs, readDocs),
  endpoint(contracts.readOpenApi, readOpenApi),
  endpoint(contracts.readHealth, readHealth),
]);
const open = (resource: string) => send({ method: 'GET', resource, scope: null });
const page = await open('/docs');
const matches = (pattern: RegExp) => [...page.text.matchAll(pattern)].map(([, found]) => found ?? '');

test('health tells the release, and needs no database', async () => {
  expect(json(await open('/health'))).toEqual({ status: 'OK', releaseId: 'test' });
});

test('the description is open to everyone', async () => {
  const answered = await open('/openapi.json');

  expect(answered.headers['Content-Type']).toBe('application/json');
  expect(json(answered)).toMatchObject({ openapi: '3.1.0', info: { version: 'test' } });
});

test('the page shows every route, with a form to try it', () => {
  expect(page.headers['Content-Type']).toBe('text/html; charset=utf-8');
  for (const { name } of contractList) expect(matches(/<article id="([^"]+)"/g)).toContain(name);
  expect(matches(/<form data-method="\w+" data-path="([^"]+)"/g).toSorted()).toEqual(
    contractList.map(({ path }) => path).toSorted(),
  );
});

test('every link within the page leads somewhere, that of every problem too', () => {
  const ids = matches(/ id="([^"]+)"/g);
  const links = [...matches(/href="#([^"]+)"/g), ...errorCodes];

  expect(new Set(ids).size).toBe(ids.length);
  expect(links.filter((link) => !ids.includes(link))).toEqual([]);
});

test('the page loads nothing from another host, and its policy allows nothing else', () => {
  const policy = page.headers['Content-Security-Policy'] ?? '';
  const hashOf = (source: string) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;

  expect(matches(/((?:src|href|action)="(?:https?:)?\/\/[^"]*)/g)).toEqual([]);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self'");
  for (const source of matches(/<(?:script|style)>([\s\S]*?)<\/(?:script|style)>/g))
    expect(policy).toContain(hashOf(source));
  expect(page.text).not.toMatch(/ (?:style|on\w+)="/);
});
