import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Checkout, makeCheckout } from './checkout.ts';
import { stackStatuses } from './stack-statuses.ts';
import { deployStack } from './stand-in/world.ts';

const name = 'inventory-allocation-stage';
let checkout: Checkout;
beforeEach(async () => {
  checkout = await makeCheckout();
});
afterEach(() => checkout.remove());

const ask = (...args: string[]) => checkout.run('stack-state.sh', ['stage', ...args]);

function arrangeStatus(status: string): void {
  checkout.arrange((world) => {
    deployStack(world, { name, version: 12 });
    const stack = world.stacks[name];
    if (stack !== undefined) stack.status = status;
  });
}

test.for(Object.entries(stackStatuses))('a stack in %s is %s', async ([status, answer]) => {
  arrangeStatus(status);

  const { code, stdout, stderr } = await ask();

  expect(stdout).toBe(`${answer}\n`);
  expect(code).toBe({ absent: 0, ready: 0, busy: 3, 'rollback-failed': 4 }[answer]);
  expect(stderr).toContain(name);
});

describe('a stack that needs a person', () => {
  test.for([
    ['ROLLBACK_COMPLETE', 'aws cloudformation delete-stack --region us-east-1 --stack-name inventory-allocation-stage'],
    ['UPDATE_ROLLBACK_FAILED', 'aws cloudformation continue-update-rollback'],
    ['UPDATE_FAILED', 'aws cloudformation rollback-stack'],
  ] as const)('in %s is told %s', async ([status, advice]) => {
    arrangeStatus(status);

    const { stderr } = await ask();

    expect(stderr).toContain(advice);
  });
});

test('a stack that does not exist is absent', async () => {
  const { code, stdout } = await ask();

  expect([code, stdout]).toEqual([0, 'absent\n']);
});

test('a stack without functions is absent, since nothing of it could be shifted', async () => {
  arrangeStatus('CREATE_COMPLETE');
  checkout.arrange((world) => Object.assign(world.stacks[name] ?? {}, { outputs: {} }));

  const { code, stdout } = await ask();

  expect([code, stdout]).toEqual([0, 'absent\n']);
});

test('a function that was deleted by hand needs a person', async () => {
  arrangeStatus('UPDATE_COMPLETE');
  checkout.arrange((world) => delete world.aliases[`${name}-allocation:live`]);

  const { code, stdout, stderr } = await ask();

  expect([code, stdout]).toEqual([4, 'rollback-failed\n']);
  expect(stderr).toContain(`function:${name}-allocation:live, deleted by hand`);
});

test('a state that nobody has thought of gets no deployment', async () => {
  arrangeStatus('HALF_COMPLETE');

  const { code, stdout, stderr } = await ask();

  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain('HALF_COMPLETE');
});

test.for([
  [
    'cloudformation describe-stacks',
    'AccessDenied',
    'User is not authorized to perform: cloudformation:DescribeStacks',
  ],
  ['cloudformation describe-stacks', 'ExpiredToken', 'The security token included in the request is expired'],
  ['lambda get-alias', 'AccessDeniedException', 'User is not authorized to perform: lambda:GetAlias'],
] as const)('no answer to %s because of %s is no answer', async ([command, code, message]) => {
  arrangeStatus('UPDATE_COMPLETE');
  checkout.arrange((world) => Object.assign(world.failures, { [command]: [{ code, message }] }));

  const ended = await ask();

  expect([ended.code, ended.stdout]).toEqual([1, '']);
  expect(ended.stderr).toContain(message);
});

test('a busy stack is asked again while there is time', async () => {
  arrangeStatus('UPDATE_IN_PROGRESS');

  const { code, stdout } = await ask('--wait', '3');

  expect([code, stdout]).toEqual([3, 'busy\n']);
  expect(checkout.calls().length).toBeGreaterThan(1);
});

test("another account's environment is asked in a role of that account, by a profile that renews itself", async () => {
  const role = 'arn:aws:iam::210987654321:role/pipeline-inventory-allocation-stage-deploy';
  checkout.write('stand-in/bin/aws', '#!/bin/sh\ncat "$AWS_CONFIG_FILE" >&2; echo "$AWS_PROFILE" >&2; exit 1\n');

  const { stderr } = await checkout.run('stack-state.sh', ['stage'], { DEPLOY_ROLE_ARN: role });

  expect(stderr).toContain(`role_arn = ${role} credential_source = EcsContainer`);
});

test('a role that is none is refused before anything is asked', async () => {
  const role = 'arn:aws:iam::1:role/x\nsource_profile = other';

  const { code } = await checkout.run('stack-state.sh', ['stage'], { DEPLOY_ROLE_ARN: role });

  expect(code).toBe(2);
  expect(checkout.calls()).toEqual([]);
});
