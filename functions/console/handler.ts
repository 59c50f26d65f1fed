import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { contracts } from '@inventory/schemas';
import { router } from '../http/router.ts';
import { consoleDocument, type Document } from './document.ts';
import type { PageFiles } from './page-files.ts';
import { originsOf, readPageSettings } from './settings.ts';

// The contract again, in the three words that count: with the contracts came their library.
const contract = { method: 'GET', path: '/console', scope: null } satisfies Partial<typeof contracts.readConsole>;

const files: PageFiles = JSON.parse(readFileSync(join(import.meta.dirname, 'generated/page.json'), 'utf8'));

/** One for each client that the API names, which is one. */
const documents = new Map<string | undefined, Document>();

/**
 * The planner's page. Which client it signs in as is a variable of the API's stage: the client knows the API's address and
 * the API this function, so the environment cannot tell.
 */
export const handler = router<undefined>(
  [
    {
      contract,
      answer: async ({ stageVariables: { ConsoleClientId } }) => {
        const document = documents.get(ConsoleClientId) ?? documentFor(ConsoleClientId);
        documents.set(ConsoleClientId, document);
        return {
          status: 200,
          headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': document.policy },
          body: document.html,
        };
      },
    },
  ],
  undefined,
);

function documentFor(clientId: string | undefined): Document {
  const settings = readPageSettings(process.env, clientId);
  return consoleDocument(files, settings, settings.signIn ? originsOf(process.env, settings.signIn) : []);
}
