import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What AWS holds, as far as the scripts ask for it. The stand-ins read and change it in a file. */
export type World = {
  stacks: Record<string, Stack>;
  /** By function and alias, such as `stack-main:live`. */
  aliases: Record<string, { version: number; weights?: Record<string, number> }>;
  /** By name, the text of a secret. */
  secrets: Record<string, string>;
  /** What a command fails with, such as `lambda get-alias`, one time each. */
  failures: Record<string, Failure[]>;
  /** How `sam deploy` ends. */
  deployment: 'shifts' | 'has nothing to do' | 'leaves the alias' | 'fails';
  /** How a deployment of CodeDeploy ends. */
  shift: 'Succeeded' | 'Failed';
  /** Of the pipeline, the newest first. */
  executions: { status: 'InProgress' | 'Succeeded' | 'Failed'; sourceRevisions: { revisionId: string }[] }[];
};

export type Stack = {
  status: string;
  id: string;
  outputs: Record<string, string>;
  resources: Record<string, string>;
};

export type Failure = { code: string; message: string };

/** The functions that take traffic, with the end of their names. */
export const functions = {
  MainFunction: 'main',
  AllocationFunction: 'allocation',
  AllocationWorker: 'allocation-worker',
} as const;

export const region = 'us-east-1';
export const account = '123456789012';

/** A stack as template.yaml puts it out, and its aliases at `version`. */
export function deployStack(world: World, { name, version }: { name: string; version: number }): void {
  const outputs: Record<string, string> = {
    ApiUrl: `https://api.execute-api.${region}.amazonaws.com/v1`,
    ReleaseId: 'a'.repeat(40),
    CodeDeployApplication: `${name}-ServerlessDeploymentApplication-1A2B3C`,
    PreTrafficHook: `CodeDeployHook_${name}`,
  };
  const resources: Record<string, string> = { UserPool: `${region}_pool`, UserPoolClient: 'client0of0pool' };
  for (const [resource, ending] of Object.entries(functions)) {
    outputs[`${resource}Alias`] = `arn:aws:lambda:${region}:${account}:function:${name}-${ending}:live`;
    resources[`${resource}DeploymentGroup`] = `${name}-${resource}DeploymentGroup-9Z8Y7X`;
    world.aliases[`${name}-${ending}:live`] = { version };
  }
  const id = `arn:aws:cloudformation:${region}:${account}:stack/${name}/0f1e2d3c-0000-11f0-8000-0123456789ab`;
  world.stacks[name] = { status: 'CREATE_COMPLETE', id, outputs, resources };
}

export const empty = (): World => ({
  stacks: {},
  aliases: {},
  secrets: {},
  failures: {},
  deployment: 'shifts',
  shift: 'Succeeded',
  executions: [],
});

/** The file says it to the stand-ins, each of which is a process of its own. */
export const readWorld = (file: string): World => JSON.parse(readFileSync(file, 'utf8'));

/** Moved into its place: scripts that run at the same time read all of it or all of the one before. */
export function writeWorld(file: string, world: World): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(world));
  renameSync(draft, file);
}
