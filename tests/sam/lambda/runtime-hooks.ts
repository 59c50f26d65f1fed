// Loaded before AWS's runtime client. It gives the client the two things of the managed image that are no JavaScript:
// its native HTTP binding, and Lambda's rule that ES modules, too, are looked for along NODE_PATH, where layers lie.
import { registerHooks } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const client = new URL('runtime-client.ts', import.meta.url).href;
const layers = (process.env.NODE_PATH ?? '')
  .split(delimiter)
  .filter((folder) => folder.endsWith('/node_modules'))
  .map((folder) => pathToFileURL(join(dirname(folder), 'a-module-beside-it.mjs')).href);

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier.endsWith('/rapid-client.node'))
      return { url: client, format: 'module-typescript', shortCircuit: true };
    try {
      return nextResolve(specifier, context);
    } catch (error) {
      if (!isBare(specifier)) throw error;
      for (const parentURL of layers) {
        try {
          return nextResolve(specifier, { ...context, parentURL });
        } catch {
          // the next folder
        }
      }
      throw error;
    }
  },
});

const isBare = (specifier: string) => !/^(\.|\/|[a-z]+:)/.test(specifier);
