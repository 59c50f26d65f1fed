import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const repository = resolve(import.meta.dirname, '../..');

/** What the code of one function does that the template must know of, layers included. */
export type Code = {
  /** Whether the handler's file is there. */
  readonly exists: boolean;
  /** The packages of layers that it needs: `models`, `schemas`, `database`. */
  readonly layers: readonly string[];
  /** Its calls of AWS, as IAM names them. */
  readonly actions: readonly string[];
  /** The environment variables that it names. */
  readonly variables: readonly string[];
};

const known = new Map<string, Code>();

/** By `main/handler.handler`. */
export function codeOf(handler: string): Code {
  const code = known.get(handler) ?? read(handler);
  known.set(handler, code);
  return code;
}

function read(handler: string): Code {
  const file = join(repository, 'functions', handler.replace(/\.handler$/, '.ts'));
  if (!existsSync(file)) return { exists: false, layers: [], actions: [], variables: [] };
  const own = bundle(file);
  const layers = ['models', 'schemas', 'database'].filter((name) => own.packages.has(name));
  const text = [own.text, ...layers.map((name) => layer(name).text)].join('\n');
  return {
    exists: /\bhandler\b/.test(readFileSync(file, 'utf8')),
    layers,
    actions: actionsIn(text),
    variables: [
      ...new Set(
        [...text.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g), ...text.matchAll(/\bCURRENCY\b/g)].map(String),
      ),
    ],
  };
}

/** Calls are named where they are made; those of the Data API by the paths of its operations. */
function actionsIn(text: string): string[] {
  const named = [
    ...text.matchAll(/["'`]((?:codedeploy|lambda|secretsmanager|sqs|sns|s3|kms|ssm|events|scheduler):[A-Z]\w+)["'`]/g),
  ];
  const operations = { Execute: 'ExecuteStatement', BatchExecute: 'BatchExecuteStatement', ExecuteSql: 'ExecuteSql' };
  const paths = ['BeginTransaction', 'CommitTransaction', 'RollbackTransaction', ...Object.keys(operations)];
  const called = paths.filter((path) => text.includes(`"/${path}"`) || text.includes(`${path}Command(`));
  const statements = called.map((path) => `rds-data:${operations[path as keyof typeof operations] ?? path}`);
  return [...new Set([...named.map(([, action = '']) => action), ...statements])].sort();
}

const layers = new Map<string, Bundle>();

function layer(name: string): Bundle {
  const found = layers.get(name) ?? bundle(join(repository, `layers/${name}/src/index.ts`));
  layers.set(name, found);
  return found;
}

type Bundle = { readonly text: string; readonly packages: ReadonlySet<string> };

/** With what its layers import in turn. */
function bundle(file: string): Bundle {
  const { outputFiles, metafile } = buildSync({
    entryPoints: [file],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: ['@inventory/*', '*/postgres-pool.ts'],
    logLevel: 'silent',
    // Types of the SDK and Prisma's engine say nothing of what we call.
    minifySyntax: true,
  });
  const direct = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .flatMap(({ path }) => /^@inventory\/(\w+)$/.exec(path)?.[1] ?? []);
  const packages = new Set(direct.flatMap((name) => [name, ...layer(name).packages]));
  return { text: outputFiles.map(({ text }) => text).join('\n'), packages };
}
