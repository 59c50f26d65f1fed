#!/usr/bin/env node
// Stands in for Prisma's native schema engine: the same commands and the same JSON-RPC over standard input and output,
// answered by Prisma's WebAssembly build of that engine, which npm has installed. `prisma.config.ts` names this file.
import { readFileSync } from 'node:fs';
import { runCommand } from './commands.ts';
import { say } from './log.ts';
import { serve } from './rpc.ts';

const { url, datamodels, command } = readArguments(process.argv.slice(2));
if (command) process.exit(await runCommand(command, url));
say('INFO', { message: 'Starting schema engine RPC server' }, 'schema_engine');
serve({ url, datamodels: datamodels.map((path) => [path, readFileSync(path, 'utf8')]) });

function readArguments(given: readonly string[]) {
  const valuesOf = (flag: string) =>
    given.flatMap((argument, index) => (argument === flag ? [given[index + 1] ?? ''] : []));
  const datasource: { url?: string } = JSON.parse(valuesOf('--datasource')[0] ?? '{}');
  return {
    url: datasource.url ?? 'postgresql://no-database.invalid/none',
    datamodels: valuesOf('--datamodels'),
    command: valuesOf('cli')[0],
  };
}
