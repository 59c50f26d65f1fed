import type { PageSettings } from './page/page-settings.ts';
import type { PageFiles } from './page-files.ts';

export type Document = { readonly html: string; readonly policy: string };

/**
 * The page as one document that loads nothing, and the policy that holds it to that: its own script and style run, and it
 * speaks to its own host and to the origins at which planners sign in.
 */
export function consoleDocument(
  { script, style, scriptHash, styleHash }: PageFiles,
  settings: PageSettings,
  origins: readonly string[],
): Document {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Inventory Allocation</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript>This page needs JavaScript. The API can be read at docs.</noscript>
<div id="console"></div>
<script type="application/json" id="settings">${JSON.stringify(settings).replaceAll('<', '\\u003c')}</script>
<script type="module">${script}</script>
</body>
</html>
`;
  const policy = [
    "default-src 'none'",
    `script-src '${scriptHash}'`,
    `style-src '${styleHash}'`,
    'img-src data:',
    ["connect-src 'self'", ...origins].join(' '),
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html, policy };
}
