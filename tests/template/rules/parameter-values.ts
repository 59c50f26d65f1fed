import { costBases } from '@inventory/models';
import { at, key, listOf, membersOf, same } from '../json.ts';
import { edit, type Rule } from '../rule.ts';
import type { Stack } from '../stack.ts';
import { allows } from './parameters.ts';

type Values = { readonly is: string | number; readonly takes: readonly string[]; readonly refuses: readonly string[] };

const flag = (is: 'true' | 'false'): Values => ({ is, takes: ['true', 'false'], refuses: ['', 'yes', 'TRUE'] });

/** What each parameter is where nobody says, what it must take, and what would break the stack, cost or open too much. */
const values: Readonly<Record<string, Values>> = {
  Environment: { is: 'dev', takes: ['stage', 'prod'], refuses: ['', 'test', 'production'] },
  Architecture: { is: 'arm64', takes: ['x86_64'], refuses: ['', 'arm'] },
  ReleaseId: {
    is: '',
    takes: ['0123456789abcdef0123456789abcdef01234567'],
    // SAM makes the first ten characters part of a logical id.
    refuses: ['v1', '0b1c2d3e-0000-4000-8000-000000000000', '0b1c2d3e-0000-4000-8000-0000000000000000', 'A'.repeat(40)],
  },
  LogLevel: { is: 'INFO', takes: ['DEBUG', 'WARN', 'ERROR'], refuses: ['', 'TRACE', 'OFF'] },
  LogRetentionDays: { is: 14, takes: ['30', '365'], refuses: ['', '0', '1', '15'] },
  AlarmEmail: { is: '', takes: ['a.b@example.com'], refuses: ['nobody', 'https://example.com', 'a b@example.com'] },
  IgnoreAlarms: flag('false'),
  PermissionsBoundary: {
    is: '',
    takes: ['arn:aws:iam::111122223333:policy/boundary', 'arn:aws-cn:iam::111122223333:policy/a/b'],
    refuses: ['boundary', 'arn:aws:iam::111122223333:role/boundary', 'arn:aws:iam::aws:policy/AdministratorAccess'],
  },
  Currency: { is: 'USD', takes: ['JPY', 'EUR'], refuses: ['', 'usd', 'EURO', '$'] },
  CurrencyDigits: { is: 2, takes: ['0', '1', '3', '4'], refuses: ['', '-1', '5', '6'] },
  TimeZone: {
    is: 'UTC',
    takes: ['Asia/Tokyo', 'America/Argentina/Buenos_Aires', 'Etc/GMT+1'],
    refuses: ['', 'Central European Time'],
  },
  AllowedCosts: { is: costBases.join(), takes: [...costBases], refuses: ['', 'LIFO', costBases.join(';')] },
  RequireIdempotencyKey: flag('false'),
  AllocationSchedule: {
    is: '',
    takes: ['cron(0 2 * * ? *)', 'rate(1 day)', 'at(2026-12-01T02:00:00)'],
    refuses: ['0 2 * * *', 'cron()', 'daily', 'cron(0 2 * * ? *) rate(1 day)'],
  },
  AllocationRequest: { is: '{"filter":{}}', takes: ['{"filter":{},"pick":"FEFO"}'], refuses: ['', 'all', '[]'] },
  JwtIssuer: {
    is: '',
    takes: ['https://issuer.example.com/', 'https://example.com/realms/a'],
    refuses: ['http://issuer.example.com/', 'issuer.example.com', 'https://', 'https://a b'],
  },
  // Cognito takes neither a quote nor a backslash in the name of a resource server.
  JwtAudience: { is: 'inventory-allocation', takes: ['https://api.example.com'], refuses: ['', 'a b', '"', 'a\\b'] },
  ConsoleClientId: { is: '', takes: ['planners', '0oa1b2c3'], refuses: ['a b', '"', '<a>'] },
  ThrottleRate: { is: 50, takes: ['10', '500'], refuses: ['', '0', '-1', '10000'] },
  ThrottleBurst: { is: 100, takes: ['20', '1000'], refuses: ['', '0', '-1', '5000'] },
  AllocateThrottleRate: { is: 10, takes: ['2', '100'], refuses: ['', '0', '-1', '10000'] },
  WafEnabled: flag('false'),
  SetApiGatewayLogRole: flag('true'),
  DatabaseName: { is: 'inventory', takes: ['stock_1'], refuses: ['', 'Inventory', 'a-b', '1a', 'a'.repeat(64)] },
  EngineVersion: { is: '17.7', takes: ['17.4', '17.10'], refuses: ['', '12.7', '16.4', '17', '17.3', '17.0', '18.1'] },
  MinCapacity: { is: 0, takes: ['0.5', '1', '8'], refuses: ['', '-1', '0.2', '64', '128'] },
  MaxCapacity: { is: 4, takes: ['1', '16', '64'], refuses: ['', '0', '0.5', '256', '512'] },
  DatabaseInstances: { is: 1, takes: ['2'], refuses: ['', '0', '3'] },
  BackupRetentionDays: { is: 7, takes: ['14', '35'], refuses: ['', '0', '1', '36'] },
  VpcCidr: {
    is: '10.0.0.0/16',
    takes: ['10.8.0.0/20', '172.16.0.0/16', '192.168.0.0/16'],
    // AWS takes /16 to /28, and five subnets of 256 need a /21 at the least.
    refuses: ['', '0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/15', '10.0.0.0/22', '10.0.0.0/24', '10.0.0.0/28', '8.8.0.0/16'],
  },
  FunctionsInVpc: flag('false'),
  // A new account has fewer executions than any limit needs, and two functions keep so many each.
  ReservedConcurrency: { is: 0, takes: ['10', '100', '200'], refuses: ['', '-1', '1', '1000', '5000'] },
};

const parametersOf = ({ source }: Stack) => Object.entries(membersOf(source.template.Parameters));

export const parameterValueRules: readonly Rule[] = [
  {
    name: 'where nobody says otherwise a parameter is what is safe and costs nothing',
    check: (stack) =>
      parametersOf(stack).flatMap(([name, parameter]) =>
        values[name] === undefined || same(at(parameter, 'Default'), values[name].is)
          ? []
          : [`${name} is ${key(at(parameter, 'Default'))}`],
      ),
    seenIn: 'source',
    defects: {
      'production by accident': edit('/Parameters/Environment/Default', 'prod'),
      'alarms are ignored': edit('/Parameters/IgnoreAlarms/Default', 'true'),
      'a load may cost thirty times as much': edit('/Parameters/MaxCapacity/Default', 128),
      'tokens of a stranger': edit('/Parameters/JwtIssuer/Default', 'https://issuer.example.com/'),
      'amounts without cents': edit('/Parameters/CurrencyDigits/Default', 0),
    },
  },
  {
    name: 'every parameter takes what works and refuses what breaks',
    check: (stack) =>
      parametersOf(stack).flatMap(([name, parameter]) => [
        ...(values[name]?.takes ?? [])
          .filter((value) => !allows(parameter, value))
          .map((value) => `${name} refuses "${value}"`),
        ...(values[name]?.refuses ?? [])
          .filter((value) => allows(parameter, value))
          .map((value) => `${name} takes "${value}"`),
      ]),
    seenIn: 'source',
    defects: {
      'an environment that nothing knows': edit('/Parameters/Environment/AllowedValues/-', 'test'),
      'an issuer without encryption': edit('/Parameters/JwtIssuer/AllowedPattern', '^$|^https?://\\S+$'),
      'a release that SAM refuses': edit('/Parameters/ReleaseId/AllowedPattern', '^$|^[0-9a-f-]{36,40}$'),
      'a version without a Data API': edit('/Parameters/EngineVersion/AllowedPattern', '^17\\.[0-9]+$'),
      'no backup': edit('/Parameters/BackupRetentionDays/AllowedValues/-', 1),
      'logs for ever': edit('/Parameters/LogRetentionDays/AllowedValues/-', 0),
      'a network that is too small': edit(
        '/Parameters/VpcCidr/AllowedPattern',
        '^(10|172|192)\\.[0-9]{1,3}\\.[0-9]{1,3}\\.0/(16|20|24)$',
      ),
      'no limit': edit('/Parameters/ThrottleRate/AllowedValues/-', 10000),
      'more than an account has': edit('/Parameters/ReservedConcurrency/AllowedValues/-', 5000),
      'an unknown cost': edit('/Parameters/AllowedCosts/AllowedPattern', '^(LOT|MOVING_AVERAGE|TOTAL_AVERAGE|LIFO)$'),
      'no one time': edit('/Parameters/AllocationSchedule/AllowedPattern', '^$|^(cron|rate)\\([^()]+\\)$'),
      'one currency': edit('/Parameters/CurrencyDigits/AllowedValues', [2]),
    },
  },
  {
    name: 'a parameter is of the type of its values: a number, a text, or a list where a default is one',
    check: (stack) =>
      parametersOf(stack).flatMap(([name, parameter]) => {
        const { Type, AllowedValues, Default } = membersOf(parameter);
        const isNumber =
          AllowedValues !== undefined && listOf(AllowedValues).every((value) => typeof value === 'number');
        const expected = isNumber ? 'Number' : /^\w+(,\w+)+$/.test(String(Default)) ? 'CommaDelimitedList' : 'String';
        return Type === expected ? [] : [`${name} is a ${Type}, not a ${expected}`];
      }),
    seenIn: 'source',
    defects: {
      'a number is a text': edit('/Parameters/LogRetentionDays/Type', 'String'),
      'a list is a text': edit('/Parameters/AllowedCosts/Type', 'String'),
      'a value of somewhere else': edit('/Parameters/JwtIssuer/Type', 'AWS::SSM::Parameter::Value<String>'),
    },
  },
  {
    name: 'every parameter has another value than its default in some rendering, or nobody sees what it does',
    check: (stack) =>
      parametersOf(stack)
        .filter(([name, parameter]) =>
          stack.renderings.every(({ parameters }) => String(parameters[name]) === String(at(parameter, 'Default'))),
        )
        .map(([name]) => `${name} is never another (tests/template/stack.ts)`),
    defects: {
      'a new one': edit('/Parameters/Extra', { Type: 'String', Default: 'a', AllowedValues: ['a', 'b'] }),
    },
  },
];
