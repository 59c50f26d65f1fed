import { createHash } from 'node:crypto';
import type { Context, Reply } from '../http/use-case.ts';
import { docsPage } from './docs/page.ts';
import { script } from './docs/script.ts';
import { style } from './docs/style.ts';
import { documentOf } from './openapi.ts';

let page: string | undefined;

/** A page to read and try the API. Its policy lets it run its own script and style and speak to its own host, no more. */
export function readDocs(_request: unknown, { settings }: Context): Reply {
  page ??= docsPage(documentOf(settings));
  return {
    status: 200,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy },
    body: page,
  };
}

const hash = (source: string) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;

const policy = [
  "default-src 'none'",
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
