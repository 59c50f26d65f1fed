import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Checkout, makeCheckout } from './checkout.ts';

const DEPLOY_ROLE_ARN = 'arn:aws:iam::210987654321:role/pipeline-inventory-allocation-stage-deploy';
const AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/pipeline-inventory-allocation-stage-runner';
const AWS_WEB_IDENTITY_TOKEN_FILE = '/agent/workspace@tmp/a secret/token';

let checkout: Checkout;
beforeEach(async () => {
  checkout = await makeCheckout();
});
afterEach(() => checkout.remove());

test('a build with an identity of its own takes on its role first, and the role of the environment by that', async () => {
  checkout.program('stand-in/bin/aws', 'cat "$AWS_CONFIG_FILE" >&2; exit 1');

  const { stderr } = await checkout.run('stack-state.sh', ['stage'], {
    DEPLOY_ROLE_ARN,
    AWS_ROLE_ARN,
    AWS_WEB_IDENTITY_TOKEN_FILE,
  });

  expect(stderr).toContain(
    [
      `[profile identity] role_arn = ${AWS_ROLE_ARN}`,
      `web_identity_token_file = ${AWS_WEB_IDENTITY_TOKEN_FILE}`,
      'role_session_name = deploy-stage',
      `[profile deploy] role_arn = ${DEPLOY_ROLE_ARN}`,
      'source_profile = identity',
      'role_session_name = deploy-stage',
    ].join(' '),
  );
});

test.each([
  ['no role', {}],
  ['a role that is none', { AWS_ROLE_ARN: 'runner' }],
  ['a role with a line of its own', { AWS_ROLE_ARN: `${AWS_ROLE_ARN}\ncredential_process = rm` }],
  ['a file with a line of its own', { AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE: 'token\ncredential_process = rm' }],
])('an identity with %s is refused before anything is asked', async (_, given) => {
  const { code } = await checkout.run('stack-state.sh', ['stage'], {
    DEPLOY_ROLE_ARN,
    AWS_WEB_IDENTITY_TOKEN_FILE,
    ...given,
  });

  expect(code).toBe(2);
  expect(checkout.calls()).toEqual([]);
});
