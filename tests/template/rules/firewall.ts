import { at, type Json, key, listOf, membersOf, same } from '../json.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property } from '../stack.ts';

/** With what is only counted of each: bodies over 8 KB, since an import has up to 4 MiB. */
const groups: Readonly<Record<string, Json | undefined>> = {
  AWSManagedRulesAmazonIpReputationList: undefined,
  AWSManagedRulesCommonRuleSet: [{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }],
  AWSManagedRulesKnownBadInputsRuleSet: undefined,
};
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
        for (const [name, RuleActionOverrides] of Object.entries(groups)) {
          const found = rules.find(({ Statement }) => at(Statement, 'ManagedRuleGroupStatement/Name') === name);
          if (!found || !same(found.OverrideAction, { None: {} })) yield `${id} only counts what ${name} finds`;
          const right = { VendorName: 'AWS', Name: name, ...(RuleActionOverrides && { RuleActionOverrides }) };
          if (!same(at(found, 'Statement/ManagedRuleGroupStatement'), right))
            yield `${id} lets through what ${name} finds`;
        }
        if (rules.length !== 4) yield `${id} has ${rules.length} rules`;
        const limit = rules.find(({ Statement }) => at(Statement, 'RateBasedStatement') !== undefined);
        if (
          !limit ||
          !same(limit.Action, { Block: {} }) ||
          !same(at(limit.Statement, 'RateBasedStatement'), {
            AggregateKeyType: 'IP',
            EvaluationWindowSec: 300,
            Limit: 10_000, // 33 a second; an office of planners shares one address
          })
        )
          yield `${id} takes any rate, or none`;
        if (!same(property(each, 'DefaultAction'), { Allow: {} })) yield `${id} lets nobody in`;
        if (new Set(rules.map(({ Priority }) => Priority)).size < rules.length)
          yield `${id} has two rules at one place`;
        if (property(each, 'Scope') !== 'REGIONAL') yield `${id} is not in the region`;
        if (property(each, 'AssociationConfig/RequestBody/API_GATEWAY/DefaultSizeInspectionLimit') !== 'KB_64')
          yield `${id} reads too little`;
        for (const [name, shown] of [
          ['Firewall', property(each, 'VisibilityConfig')] as const,
          ...rules.map(({ Name, VisibilityConfig }) => [String(Name), VisibilityConfig] as const),
        ]) {
          const right = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: true, MetricName: name };
          if (!same(shown, right)) yield `${id} does not count ${name}, or keeps requests with their tokens`;
        }
      }
    }),
    seenIn: 'options',
    defects: {
      'it only counts': edit(`${rule(1)}/OverrideAction`, { Count: {} }),
      'scripts come in': edit(`${rule(1)}/Statement/ManagedRuleGroupStatement/RuleActionOverrides/-`, {
        Name: 'CrossSiteScripting_BODY',
        ActionToUse: { Count: {} },
      }),
      'whoever is from one country': edit('Firewall/Properties/Rules/-', {
        Name: 'Home',
        Priority: 9,
        Action: { Allow: {} },
        Statement: { GeoMatchStatement: { CountryCodes: ['US'] } },
        VisibilityConfig: { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: true, MetricName: 'Home' },
      }),
      'any rate': edit(rule(3)),
      'ten requests in five minutes': edit(`${rule(3)}/Statement/RateBasedStatement/Limit`, 10),
      'by what the caller says': edit(`${rule(3)}/Statement/RateBasedStatement/AggregateKeyType`, 'FORWARDED_IP'),
      'requests are kept': edit(`${rule(0)}/VisibilityConfig/SampledRequestsEnabled`, true),
      'nobody counts': edit(`${rule(2)}/VisibilityConfig/CloudWatchMetricsEnabled`, false),
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
        const groups = [{ 'Fn::Sub': `arn:aws:logs:us-east-1:111122223333:log-group:\${FirewallLogs}` }]; // without :*
        if (!same(property(each, 'LogDestinationConfigs'), groups)) yield `${id} logs elsewhere`;
        if (!same(property(each, 'ResourceArn'), { 'Fn::GetAtt': ['Firewall', 'Arn'] })) yield `${id} is of another`;
        const name = property(rendering.resources.FirewallLogs, 'LogGroupName');
        if (!/^aws-waf-logs-/.test(String(name))) yield `${id} may not log into ${key(name)}`;
      }
    }),
    seenIn: 'options',
    defects: {
      'with tokens': edit('FirewallLogging/Properties/RedactedFields'),
      'by the ARN of the streams': edit('FirewallLogging/Properties/LogDestinationConfigs/0', {
        'Fn::GetAtt': ['FirewallLogs', 'Arn'],
      }),
      'under another name': edit('FirewallLogs/Properties/LogGroupName', { 'Fn::Sub': `/aws/waf/\${AWS::StackName}` }),
      nowhere: edits(edit('FirewallLogging'), edit('FirewallLogs')),
    },
  },
];
