import { createInterface } from 'node:readline';
import { engineAdapter } from './adapter.ts';
import { loadEngine } from './wasm.ts';

type Options = { readonly url: string; readonly datamodels: [string, string][] };
type Request = { readonly id: unknown; readonly method?: string; readonly params: Record<string, unknown> };
type Engine = Readonly<Record<string, unknown>>;

/** Answers JSON-RPC, one message a line, until standard input ends and every answer is out. */
export function serve({ url, datamodels }: Options): void {
  let loading: Promise<Engine> | undefined;
  const engine = () => {
    // Its methods are looked up by the names that the RPC uses.
    loading ??= loadEngine(engineAdapter(url), datamodels).then((loaded) => loaded as unknown as Engine);
    return loading;
  };
  let open = 0;
  let isClosed = false;
  const endWhenDone = () => {
    if (isClosed && open === 0) process.exit(0);
  };

  const lines = createInterface({ input: process.stdin });
  lines.on('line', async (line) => {
    const request: Request = JSON.parse(line);
    if (!request.method) return; // an answer to our `print`
    open++;
    try {
      send({ id: request.id, result: await answer(await engine(), request.method, request.params) });
    } catch (error) {
      send({ id: request.id, error: asRpcError(error) });
    } finally {
      open--;
      endWhenDone();
    }
  });
  lines.on('close', () => {
    isClosed = true;
    endWhenDone();
  });
}

/** Where the RPC's name of a method is not the WebAssembly build's. */
const METHODS: Readonly<Record<string, string>> = { getDatabaseVersion: 'version' };

/** `migrate dev` calls these before the diagnosis that the WebAssembly build needs first, and ends with an error. */
const NEED_DIAGNOSIS: ReadonlySet<string> = new Set(['evaluateDataLoss', 'createMigration']);

async function answer(engine: Engine, method: string, params: Record<string, unknown>): Promise<unknown> {
  if (NEED_DIAGNOSIS.has(method)) {
    await call(engine, 'devDiagnostic', { migrationsList: params.migrationsList, filters: params.filters });
  }
  const result = await call(engine, METHODS[method] ?? method, params);
  return method === 'diff' ? printDiff(result) : (result ?? null);
}

function call(engine: Engine, method: string, params: unknown): unknown {
  const run = engine[method];
  if (typeof run !== 'function') throw new Error(`The stand-in engine does not know the method ${method}`);
  return run.call(engine, params);
}

/** The native engine prints a diff through the CLI and returns only whether there was one. */
function printDiff(result: unknown): { exitCode: unknown; stdout: null } {
  const { exitCode, stdout } = result as { exitCode: unknown; stdout?: string | null };
  if (typeof stdout === 'string') {
    send({ id: 'print-1', method: 'print', params: { content: stdout.replace(/\n$/, '') } });
  }
  return { exitCode, stdout: null };
}

/** 4466 is the code under which the native engine reports what a user can do something about. */
function asRpcError(error: unknown) {
  const message = error instanceof Error ? error.message : String(error);
  const errorCode = error instanceof Error && 'code' in error ? error.code : undefined;
  return { code: 4466, message, data: { is_panic: false, message, meta: null, error_code: errorCode } };
}

const send = (message: Record<string, unknown>) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
