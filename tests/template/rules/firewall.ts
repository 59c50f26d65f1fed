import { at, key, listOf, membersOf, same } from '../json.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property } from '../stack.ts';

const groups = [
  'AWSManagedRulesAmazonIpReputationList',
  'AWSManagedRulesCommonRuleSet',
  'AWSManagedRulesKnownBadInputsRuleSet',
];
const rule = (index: number) => `Firewall/Properties/Rules/${index}`;

export const firewallRules: readonly Rule[] = [
  {
    name: 'the firewall stands before the stage where WafEnabled says so, and is not paid for elsewhere',
    check: inEach(function* (rendering) {
      const expected = rendering.parameters.WafEnabled === 'true' ? 1 : 0;
      for (const type of ['WebACL', 'WebACLAssociation', 'LoggingConfiguration']) {
        const found = ofType(rendering, `AWS::WAFv2::${type}`).length;
        if (found !== expected) yield `there are ${found} of ${type}`;
      }
      for (const [id, each] of ofType(rendering, 'AWS::WAFv2::WebACLAssociation')) {
        const stage = { 'Fn::Sub': `arn:aws:apigateway:us-east-1::/restapis/\${Api}/stages/\${Apiv1Stage}` };
        if (!same(property(each, 'ResourceArn'), stage))
          yield `${id} stands before ${key(property(each, 'ResourceArn'))}`;
        if (!same(property(each, 'WebACLArn'), { 'Fn::GetAtt': ['Firewall', 'Arn'] })) yield `${id} is another`;
      }
    }),
    seenIn: 'options',
    defects: {
      'before nothing': edit('FirewallAssociation'),
      'turned round': edit('/Conditions/HasFirewall', { 'Fn::Equals': [{ Ref: 'WafEnabled' }, 'false'] }),
      'before another stage': edit('FirewallAssociation/Properties/ResourceArn', {
        'Fn::Sub': `arn:\${AWS::Partition}:apigateway:\${AWS::Region}::/restapis/\${Api}/stages/Stage`,
      }),
    },
  },
  {
    name: 'nothing that is paid for by the month is on unless it is asked for',
    check: ({ source: { template } }) =>
      [
        'WafEnabled',
        'FunctionsInVpc',
        'AllocationSchedule',
        'MinCapacity',
        'ReservedConcurrency',
        'AlarmEmail',
      ].flatMap((name) =>
        ['false', '', '0'].includes(String(at(template, `Parameters/${name}/Default`))) ? [] : [`${name} is on`],
      ),
    seenIn: 'source',
    defects: {
      'the firewall': edit('/Parameters/WafEnabled/Default', 'true'),
      'the NAT': edit('/Parameters/FunctionsInVpc/Default', 'true'),
      'a cluster that never sleeps': edit('/Parameters/MinCapacity/Default', 0.5),
    },
  },
  {
    name: 'the firewall blocks what it finds, at any rate, and lets imports through',
    check: inEach(function* (rendering) {
      for (const [id, each] of ofType(rendering, 'AWS::WAFv2::WebACL')) {
        const rules = listOf(property(each, 'Rules')).map(membersOf);
        for (const name of groups) {
          const found = rules.find(({ Statement }) => at(Statement, 'ManagedRuleGroupStatement/Name') === name);
          if (!found || !same(found.OverrideAction, { None: {} })) yield `${id} only counts what ${name} finds`;
        }
        const limit = rules.find(({ Statement }) => at(Statement, 'RateBasedStatement') !== undefined);
        if (
          !limit ||
          !same(limit.Action, { Block: {} }) ||
          !(Number(at(limit.Statement, 'RateBasedStatement/Limit')) <= 10_000)
        )
          yield `${id} takes any rate`;
        if (!same(property(each, 'DefaultAction'), { Allow: {} })) yield `${id} lets nobody in`;
        if (!key(rules).includes('{"ActionToUse":{"Count":{}},"Name":"SizeRestrictions_BODY"}'))
          yield `${id} refuses bodies over 8 KB`;
        if (new Set(rules.map(({ Priority }) => Priority)).size < rules.length)
          yield `${id} has two rules at one place`;
        if (property(each, 'Scope') !== 'REGIONAL') yield `${id} is not in the region`;
        if (property(each, 'AssociationConfig/RequestBody/API_GATEWAY/DefaultSizeInspectionLimit') !== 'KB_64')
          yield `${id} reads too little`;
        if (key([property(each, 'VisibilityConfig') ?? null, rules]).includes('"SampledRequestsEnabled":true'))
          yield `${id} keeps requests with their tokens`;
      }
    }),
    seenIn: 'options',
    defects: {
      'it only counts': edit(`${rule(1)}/OverrideAction`, { Count: {} }),
      'any rate': edit(rule(3)),
      'the rate is counted': edit(`${rule(3)}/Action`, { Count: {} }),
      'imports are refused': edit(`${rule(1)}/Statement/ManagedRuleGroupStatement/RuleActionOverrides`),
      'known bad inputs come in': edit(rule(2)),
    },
  },
  {
    name: 'the firewall logs without tokens',
    check: inEach(function* (rendering) {
      const logs = ofType(rendering, 'AWS::WAFv2::LoggingConfiguration');
      if (logs.length < ofType(rendering, 'AWS::WAFv2::WebACL').length) yield 'nobody knows what is refused';
      for (const [id, each] of logs) {
        if (!key(property(each, 'RedactedFields')).includes('"authorization"')) yield `${id} keeps tokens`;
        if (!key(property(each, 'LogDestinationConfigs')).includes('{FirewallLogs}')) yield `${id} logs elsewhere`;
        const name = property(rendering.resources.FirewallLogs, 'LogGroupName');
        if (!/^aws-waf-logs-/.test(String(name))) yield `${id} may not log into ${key(name)}`;
      }
    }),
    seenIn: 'options',
    defects: {
      'with tokens': edit('FirewallLogging/Properties/RedactedFields'),
      'under another name': edit('FirewallLogs/Properties/LogGroupName', { 'Fn::Sub': `/aws/waf/\${AWS::StackName}` }),
      nowhere: edits(edit('FirewallLogging'), edit('FirewallLogs')),
    },
  },
];
