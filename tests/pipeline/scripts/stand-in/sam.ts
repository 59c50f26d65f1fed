// Stands in for `sam deploy` and nothing else: records the call and what it would deploy, and does it to the world.
import { appendFileSync, cpSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deployStack, functions, readWorld, writeWorld } from './world.ts';

const home = process.env.STAND_IN_HOME ?? '';
const words = process.argv.slice(2);
const value = (option: string): string => words[words.indexOf(option) + 1] ?? '';

const configuration = readFileSync(value('--config-file'), 'utf8');
const section = value('--config-env');
const name =
  new RegExp(`\\[${section}\\.global\\.parameters\\]\\s+stack_name = "([^"]+)"`).exec(configuration)?.[1] ?? '';
appendFileSync(join(home, 'calls.jsonl'), `${JSON.stringify(['sam', ...words])}\n`);
cpSync(dirname(value('--template-file')), join(home, 'deployed', name), { recursive: true });
cpSync(value('--config-file'), join(home, 'deployed', `${name}.toml`));

const world = readWorld(join(home, 'world.json'));
process.stdout.write(`Deploying with following values\nStack name : ${name}\n`);
if (world.deployment === 'fails') {
  process.stderr.write('Error: Failed to create/update the stack: CREATE_FAILED\n');
  process.exit(1);
}
if (world.deployment === 'has nothing to do') {
  process.stdout.write(`No changes to deploy. Stack ${name} is up to date\n`);
  process.exit(0);
}
const version = world.aliases[`${name}-${functions.MainFunction}:live`]?.version ?? 0;
deployStack(world, { name, version: world.deployment === 'shifts' ? version + 1 : version });
const stack = world.stacks[name];
const releaseId = /"ReleaseId=([0-9a-f]*)"/.exec(configuration.split(`[${section}.deploy.parameters]`)[1] ?? '')?.[1];
if (stack !== undefined && releaseId !== undefined) stack.outputs.ReleaseId = releaseId;
if (stack !== undefined && process.env.STAND_IN_API_URL) stack.outputs.ApiUrl = process.env.STAND_IN_API_URL;
writeWorld(join(home, 'world.json'), world);
process.stdout.write(`Successfully created/updated stack - ${name} in ${process.env.AWS_REGION}\n`);
