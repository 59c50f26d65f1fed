// Stands in for the AWS CLI: records each call, and answers in its shapes from the world of the test.
import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { search } from '@aws-lambda-powertools/jmespath';
import { type Failure, readWorld, writeWorld } from './world.ts';

class Refusal extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

const home = process.env.STAND_IN_HOME ?? '';
const words = process.argv.slice(2);
appendFileSync(join(home, 'calls.jsonl'), `${JSON.stringify(['aws', ...words])}\n`);

const worldFile = join(home, 'world.json');
const world = readWorld(worldFile);
const { options, rest } = parse(words);
const command = rest.slice(0, 2).join(' ');

try {
  fail(world.failures[command]?.shift());
  const answer = answerTo(command);
  writeWorld(worldFile, world);
  if (answer !== undefined) print(answer);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  writeWorld(worldFile, world);
  const operation = rest[1]?.replace(/(^|-)(.)/g, (_match, _dash, letter: string) => letter.toUpperCase());
  const { code, message } = error.failure;
  process.stderr.write(`\nAn error occurred (${code}) when calling the ${operation} operation: ${message}\n`);
  process.exitCode = 254;
}

function answerTo(command: string): unknown {
  switch (command) {
    case 'cloudformation describe-stacks': {
      const { status, id, outputs } = stack();
      const Outputs = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
      const described = {
        StackId: id,
        StackName: options['stack-name'],
        StackStatus: status,
        CreationTime: '2026-01-01',
      };
      return { Stacks: [{ ...described, ...(Outputs.length > 0 && { Outputs }) }] };
    }
    case 'cloudformation describe-stack-resource': {
      const name = options['logical-resource-id'] ?? '';
      const PhysicalResourceId = stack().resources[name];
      const message = `Resource ${name} does not exist for stack ${options['stack-name']}`;
      if (PhysicalResourceId === undefined) throw new Refusal({ code: 'ValidationError', message });
      return { StackResourceDetail: { LogicalResourceId: name, PhysicalResourceId } };
    }
    case 'lambda get-alias': {
      const functionName = options['function-name']?.replace(/^arn:.*:function:/, '');
      const alias = world.aliases[`${functionName}:${options.name}`];
      const message = `Cannot find alias arn: ${options['function-name']}:${options.name}`;
      if (alias === undefined) throw new Refusal({ code: 'ResourceNotFoundException', message });
      const RoutingConfig = alias.weights && { AdditionalVersionWeights: alias.weights };
      return { Name: options.name, FunctionVersion: String(alias.version), ...(RoutingConfig && { RoutingConfig }) };
    }
    case 'lambda get-function-configuration': {
      const known = versionsOf(options['function-name'] ?? '').includes(Number(options.qualifier));
      const message = `Function not found: ${options['function-name']}:${options.qualifier}`;
      if (!known) throw new Refusal({ code: 'ResourceNotFoundException', message });
      return { FunctionName: options['function-name'], Version: options.qualifier, State: 'Active' };
    }
    case 'lambda list-versions-by-function': {
      const numbers = versionsOf(options['function-name'] ?? '');
      const published = numbers.map((each) => ({ Version: String(each), LastModified: '2026-01-01', Description: '' }));
      return { Versions: [{ Version: '$LATEST', LastModified: '2026-01-01', Description: '' }, ...published] };
    }
    case 'cognito-idp describe-user-pool-client':
      return { UserPoolClient: { ClientId: options['client-id'], ClientSecret: process.env.STAND_IN_CLIENT_SECRET } };
    case 'secretsmanager get-secret-value': {
      const SecretString = world.secrets[options['secret-id'] ?? ''];
      const message = "Secrets Manager can't find the specified secret.";
      if (SecretString === undefined) throw new Refusal({ code: 'ResourceNotFoundException', message });
      return { Name: options['secret-id'], SecretString };
    }
    case 'deploy create-deployment':
      return { deploymentId: 'd-A1B2C3D4E' };
    case 'deploy wait':
      if (world.shift === 'Succeeded') return undefined;
      process.stderr.write('\nWaiter DeploymentSuccessful failed: Waiter encountered a terminal failure state\n');
      process.exit(255);
      break;
    case 'deploy get-deployment':
      return { deploymentInfo: { status: world.shift, errorInformation: { code: 'HOOK', message: 'It has failed' } } };
    case 'codepipeline list-pipeline-executions':
      return { pipelineExecutionSummaries: world.executions };
    case 'codeartifact login':
      return undefined;
    case 'codeartifact publish-package-version':
      return publish();
    case 'codeartifact get-package-version-asset':
      return fetchAsset();
  }
  process.stderr.write(`aws: error: argument operation: Invalid choice: ${command}\n`);
  process.exit(252);
}

function stack() {
  const name = options['stack-name'] ?? '';
  const found = world.stacks[name];
  if (found === undefined)
    throw new Refusal({ code: 'ValidationError', message: `Stack with id ${name} does not exist` });
  return found;
}

/** All up to the one that the alias points to. */
function versionsOf(name: string): number[] {
  const newest = world.aliases[`${name}:live`]?.version ?? 0;
  return Array.from({ length: newest }, (_, index) => index + 1);
}

function assetFile(): string {
  const { domain, repository, namespace, package: name } = options;
  const folder = join(home, 'codeartifact', ...[domain, repository, namespace, name].map(String));
  mkdirSync(folder, { recursive: true });
  return join(folder, String(options['package-version']));
}

function publish(): object {
  const file = options['asset-content'] ?? '';
  const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
  if (sum !== options['asset-sha256']) throw new Refusal({ code: 'ValidationException', message: 'SHA256 mismatch' });
  const message = `Package version ${options['package-version']} already exists`;
  if (existsSync(assetFile())) throw new Refusal({ code: 'ConflictException', message });
  copyFileSync(file, assetFile());
  return { format: 'generic', version: options['package-version'], status: 'Published' };
}

function fetchAsset(): object {
  const message = `Package version ${options['package-version']} does not exist`;
  if (!existsSync(assetFile())) throw new Refusal({ code: 'ResourceNotFoundException', message });
  copyFileSync(assetFile(), rest[2] ?? '');
  return { assetName: options.asset, packageVersion: options['package-version'] };
}

function fail(failure: Failure | undefined): void {
  if (failure !== undefined) throw new Refusal(failure);
}

function parse(words: readonly string[]): { options: Record<string, string | undefined>; rest: string[] } {
  const options: Record<string, string> = {};
  const rest: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--no-paginate') options['no-paginate'] = '';
    else if (word.startsWith('--')) options[word.slice(2)] = words[++index] ?? '';
    else rest.push(word);
  }
  return { options, rest };
}

/** As `--output text` of the CLI: what is flat in one line with tabs, a list of lists in lines. */
function print(answer: unknown): void {
  const selected = options.query === undefined ? answer : search(options.query, answer as Parameters<typeof search>[1]);
  if (options.output !== 'text') process.stdout.write(`${JSON.stringify(selected, null, 4)}\n`);
  else if (Array.isArray(selected) && selected.every(Array.isArray)) selected.forEach(printLine);
  else printLine(Array.isArray(selected) ? selected : [selected]);
}

function printLine(values: readonly unknown[]): void {
  process.stdout.write(`${values.map((value) => (value === null ? 'None' : String(value))).join('\t')}\n`);
}
