import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, startEmulator, startPostgres } from '@inventory/database/local';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { type Service, startService } from '../functions/service.ts';
import { builtFunctions } from './lambda/built-function.ts';
import { type LambdaFunction, startFunction } from './lambda/function.ts';
import { repository } from './sam.ts';

export type Stack = Awaited<ReturnType<typeof startStack>>;

type Overrides = { readonly timeoutSeconds?: number; readonly environment?: Readonly<Record<string, string>> };

/**
 * Every function of the built template under Lambda's runtime, with PostgreSQL behind two emulators of the Data API (the
 * master's and the application's, both of which look at signatures) and one stand-in for AWS's other services.
 * The database is empty: the migrate function has not run.
 */
export async function startStack(build: string) {
  const home = await mkdtemp(join(tmpdir(), 'stack-'));
  const secret = () => randomBytes(16).toString('hex');
  const signatory = { accessKeyId: secret(), secretAccessKey: secret(), sessionToken: secret() };
  const postgres = await startPostgres({ dataDirectory: join(home, 'postgres'), durable: false });
  const application = new URL(postgres.url);
  application.username = 'inventory_application';
  const [master, emulator] = await Promise.all([
    startEmulator({ connectionString: postgres.url, signatory }),
    startEmulator({ connectionString: application.href, signatory }),
  ]);
  const started: LambdaFunction[] = [];
  const byName = new Map<string, LambdaFunction>();
  const aws = await startAws((name, event) => byName.get(name)!.invoke(event), secret());

  const built = new Map((await builtFunctions(build)).map((each) => [each.name, each]));
  async function start(name: string, { environment, timeoutSeconds }: Overrides = {}): Promise<LambdaFunction> {
    const one = built.get(name);
    if (!one) throw new Error(`The template has no function ${name}`);
    const values = { ...deployment(name === 'MigrateFunction' ? master : emulator), ...environment };
    const known = Object.entries(values).filter(([key]) => key in one.variables);
    const lambda = await startFunction({
      ...{ build, built: one, ...(timeoutSeconds && { timeoutSeconds }) },
      environment: { ...addresses(aws.url), ...credentialsOf(signatory), ...Object.fromEntries(known) },
    });
    started.push(lambda);
    return lambda;
  }
  for (const name of built.keys()) byName.set(name, await start(name));

  return {
    names: [...built.keys()],
    postgres,
    emulator,
    aws,
    /** Another instance of a function, with settings of its own. */
    start,
    invoke: (name: string, event: unknown): Promise<unknown> => byName.get(name)!.invoke(event),
    /** The answer of a function of the API; what Lambda says instead of one is thrown. */
    ask: (name: string, event: unknown): Promise<APIGatewayProxyResult> => ask(byName.get(name)!, event),
    log: (name: string): string => byName.get(name)!.log(),
    stop: async () => {
      await Promise.all(started.map((each) => each.stop()));
      aws.close();
      await Promise.all([master.close(), emulator.close()]);
      await postgres.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A file of events/; the caller knows its form. */
export const readEventFile = async <Event>(file: string): Promise<Event> =>
  JSON.parse(await readFile(join(repository, 'events', file), 'utf8'));

/** The answer of a function of the API; what Lambda says instead of one is thrown. */
export async function ask(lambda: Pick<LambdaFunction, 'invoke'>, event: unknown): Promise<APIGatewayProxyResult> {
  const answer = await lambda.invoke(event);
  if (isAnswer(answer)) return answer;
  throw new Error(`No answer of an API: ${JSON.stringify(answer).slice(0, 2_000)}`);
}

const isAnswer = (value: unknown): value is APIGatewayProxyResult =>
  typeof value === 'object' && value !== null && 'statusCode' in value && typeof value.statusCode === 'number';

/** What a deployment would put where the template refers to resources. */
const deployment = (emulator: Emulator) => ({
  AWS_ENDPOINT_URL_RDS_DATA: emulator.url,
  CLUSTER_ARN: 'arn:aws:rds:local:000000000000:cluster:local',
  SECRET_ARN: 'arn:aws:secretsmanager:local:000000000000:secret:application',
  APPLICATION_SECRET_ARN: 'arn:aws:secretsmanager:local:000000000000:secret:application',
  MASTER_SECRET_ARN: 'arn:aws:secretsmanager:local:000000000000:secret:master',
  DATABASE_NAME: 'postgres',
  QUEUE_URL: 'http://queue.invalid/allocation.fifo',
  JWT_ISSUER: 'https://issuer.invalid',
  JWT_AUDIENCE: 'inventory-allocation',
  SIGN_IN_ISSUER: 'https://issuer.invalid',
  SIGN_IN_SCOPE_PREFIX: 'inventory-allocation/',
  SIGN_IN_AUDIENCE: '',
  SIGN_IN_ORIGIN: 'https://tokens.invalid',
  RELEASE_ID: 'built',
  MAIN_VERSION: 'MainFunction',
  ALLOCATION_VERSION: 'AllocationFunction',
  WORKER_VERSION: 'AllocationWorker',
});

const addresses = (url: string) => ({
  AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
  AWS_ENDPOINT_URL_LAMBDA: url,
  AWS_ENDPOINT_URL_CODEDEPLOY: url,
  AWS_ENDPOINT_URL_SQS: url,
});

const credentialsOf = (signatory: { accessKeyId: string; secretAccessKey: string; sessionToken: string }) => ({
  AWS_ACCESS_KEY_ID: signatory.accessKeyId,
  AWS_SECRET_ACCESS_KEY: signatory.secretAccessKey,
  AWS_SESSION_TOKEN: signatory.sessionToken,
});

/** Invokes functions for the hook, gives out the application's secret, and takes whatever else it is told. */
function startAws(invoke: (name: string, event: unknown) => Promise<unknown>, password: string): Promise<Service> {
  return startService(async ({ path, headers, body }) => {
    const invoked = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path)?.[1];
    if (invoked) return { body: await invoke(decodeURIComponent(invoked), body) };
    if (headers['x-amz-target'] === 'secretsmanager.GetSecretValue')
      return { body: { SecretString: JSON.stringify({ username: 'inventory_application', password }) } };
    return {};
  });
}
