// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation puts these in
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const pipeline = resolve(import.meta.dirname, '../../pipeline');
const template = readFileSync(join(pipeline, 'jenkins.yaml'), 'utf8');
const environment = readFileSync(join(pipeline, 'environment.yaml'), 'utf8');

type Statement = { readonly Effect: string; readonly Action: string; readonly Resource: string | readonly string[] };
type Role = {
  readonly Type: string;
  readonly Properties: {
    readonly RoleName: string;
    readonly AssumeRolePolicyDocument: readonly [string, object];
    readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  };
};

/** Each role that takes Jenkins in: its name, whom it trusts, and the roles that it may take on. */
function rolesOf(text: string) {
  const { Resources }: { Resources: Record<string, Role> } = parse(text, { logLevel: 'silent' });
  const roles = Object.values(Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
  return roles.map(({ Properties: { RoleName, AssumeRolePolicyDocument, Policies } }) => ({
    name: RoleName,
    trust: JSON.parse(AssumeRolePolicyDocument[0]).Statement,
    statements: Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
  }));
}

const TRUST = [
  {
    Effect: 'Allow',
    Principal: { Federated: '${Provider}' },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { '${Host}:aud': 'sts.amazonaws.com', '${Host}:sub': '${Subject}' } },
  },
];
const role = (account: string, ending: string) =>
  `arn:\${AWS::Partition}:iam::\${${account}}:role/pipeline-\${ProjectName}-${ending}`;
const MAY = [
  ['pipeline-${ProjectName}-check', [role('StageAccount', 'stage-state'), role('ProdAccount', 'prod-state')]],
  ['pipeline-${ProjectName}-stage-runner', [role('StageAccount', 'stage-deploy')]],
  ['pipeline-${ProjectName}-prod-runner', [role('ProdAccount', 'prod-deploy')]],
];

const isRight = (text: string): boolean => {
  const roles = rolesOf(text);
  const may = roles.map(({ name, statements }) => [name, statements.flatMap(({ Resource }) => Resource)]);
  const isOfOneJob = roles.every(({ trust }) => JSON.stringify(trust) === JSON.stringify(TRUST));
  const onlyAssumes = roles.every(({ statements }) => statements.every(({ Action }) => Action === 'sts:AssumeRole'));
  return isOfOneJob && onlyAssumes && JSON.stringify(may) === JSON.stringify(MAY);
};

describe("Jenkins' roles", () => {
  test('trust one job of one Jenkins, and may take on the roles of their environment and nothing else', () => {
    expect(isRight(template)).toBe(true);
  });

  test('have the names that the environments trust', () => {
    expect(environment).toContain('role/pipeline-${ProjectName}-${Environment}-runner');
    expect(environment).toContain('role/pipeline-${ProjectName}-check');
  });

  test.each([
    ['another job may have them', ', "${Host}:sub": "${Subject}"', ''],
    ['a token for somebody else is taken', '"${Host}:aud": "sts.amazonaws.com", ', ''],
    ['a pattern of jobs may have them', '"StringEquals"', '"StringLike"'],
    ['another service may have them', '{ "Federated": "${Provider}" }', '{ "Service": "ec2.amazonaws.com" }'],
    [
      'stage may deploy to prod',
      '${StageAccount}:role/pipeline-${ProjectName}-stage-deploy',
      '${ProdAccount}:role/pipeline-${ProjectName}-prod-deploy',
    ],
    ['one may take on any role', '-prod-deploy', '-*'],
    ['one may do more', 'Action: sts:AssumeRole\n', 'Action: sts:*\n'],
    ['the environments do not know one', '-check # the', '-checker # the'],
  ])('are not right when %s', (_, before, after) => {
    expect(template).toContain(before);
    expect(isRight(template.replace(before, after))).toBe(false);
  });
});

test.skipIf(process.env.WITHOUT_SAM === 'true')('cfn-lint has nothing to say about them', () => {
  const args = ['--regions', 'us-east-1', '--template', join(pipeline, 'jenkins.yaml')];
  const env = { ...process.env, SAM_TOOL: 'cfn-lint' };

  expect(execFileSync(join(pipeline, 'scripts/sam.sh'), args, { env, encoding: 'utf8' })).toBe('');
});
