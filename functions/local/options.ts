import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** A mistake of the person who typed the command: its message is all that is printed. */
export class UsageError extends Error {}

export const startHelp = `npm start [-- --empty]

Starts PostgreSQL, the Data API emulator and the API on 127.0.0.1, brings the schema up to date and prints a token.
What was written is there again at the next start. Ctrl-C ends it.

  --empty     begin anew: deletes all orders, lots and allocations of this data directory first
  --help      this text

  PORT        where to listen, 3000 unless set; 0 takes a free one
  DATA_DIR    where the data lies, .data unless set
`;

export const tokenHelp = `npm run -s token [-- --scope "orders:read" --ttl 3600]

Prints a bearer token for the API that \`npm start\` runs.

  --scope     scopes, separated by spaces; all of them unless given
  --ttl       seconds that it is good for, a day unless given; negative (--ttl=-1) for one that has expired
  --sub       whom it speaks for, local-developer unless given
  --help      this text

  DATA_DIR    where the data lies, .data unless set
`;

export const devSamHelp = `npm run dev:sam

Starts PostgreSQL, the Data API emulator and an issuer of tokens where the containers of \`sam local\` reach them, writes
the file for its --env-vars, and prints what to type. Ctrl-C ends it. Nothing but this listens beyond 127.0.0.1.

  --help      this text

  DATA_DIR    where the data lies, .data unless set
`;

export const sampleHelp = `npm run sample [-- --open FILE]

Imports a real day of orders into the API that \`npm start\` runs, with stock for about 90 % of it, allocates by FIFO and
compares all methods.

  --open      only import: the orders stay open, to be compared and allocated on the page at /console
  FILE        another day, in the form of functions/local/sample/online-retail-2010-12-01.csv
  --help      this text

  DATA_DIR    where the data of the running API lies, .data unless set
`;

/** Reads the command line of `npm start`. Throws a UsageError that says what is wrong. */
export function readStartOptions(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const { values } = parsed(() =>
    parseArgs({ args: [...args], options: { empty: { type: 'boolean' }, help: { type: 'boolean' } } }),
  );
  return {
    help: values.help === true,
    empty: values.empty === true,
    port: portOf(environment.PORT),
    dataDirectory: dataDirectoryOf(environment),
  };
}

/** Reads the command line of `npm run dev:sam`. Throws a UsageError that says what is wrong. */
export function readDevSamOptions(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const { values } = parsed(() => parseArgs({ args: [...args], options: { help: { type: 'boolean' } } }));
  return { help: values.help === true, dataDirectory: dataDirectoryOf(environment) };
}

/** Reads the command line of `npm run token`. Throws a UsageError that says what is wrong. */
export function readTokenOptions(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const text = { type: 'string' } as const;
  const { values } = parsed(() =>
    parseArgs({ args: [...args], options: { scope: text, ttl: text, sub: text, help: { type: 'boolean' } } }),
  );
  const ttl = values.ttl ?? '86400';
  if (!/^-?\d{1,10}$/.test(ttl)) throw new UsageError(`--ttl is a number of seconds, not ${JSON.stringify(ttl)}`);
  return {
    help: values.help === true,
    scope: values.scope,
    ttlSeconds: Number(ttl),
    sub: values.sub || 'local-developer',
    dataDirectory: dataDirectoryOf(environment),
  };
}

/** Reads the command line of `npm run sample`. Throws a UsageError that says what is wrong. */
export function readSampleOptions(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      options: { open: { type: 'boolean' }, help: { type: 'boolean' } },
      allowPositionals: true,
    }),
  );
  return {
    help: values.help === true,
    open: values.open === true,
    file: positionals[0],
    dataDirectory: dataDirectoryOf(environment),
  };
}

function parsed<Values>(parse: () => Values): Values {
  try {
    return parse();
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${error.message} (--help says what there is)`);
    throw error;
  }
}

function portOf(text: string | undefined): number {
  const port = Number(text || 3000);
  if (/^\d*$/.test(text ?? '') && port <= 65_535) return port;
  throw new UsageError(`PORT is a number from 0 to 65535, not ${JSON.stringify(text)}`);
}

const dataDirectoryOf = (environment: NodeJS.ProcessEnv) => resolve(environment.DATA_DIR || '.data');
