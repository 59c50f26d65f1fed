import { listOf, same } from '../json.ts';
import { edit, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering } from '../stack.ts';
import { versionOf } from '../versions.ts';

const migrations = (rendering: Rendering) => ofType(rendering, 'Custom::Migrations');

export const migrationRules: readonly Rule[] = [
  {
    name: 'migrations run once for each bundle, by the function without a version',
    check: inEach(function* (rendering) {
      if (migrations(rendering).length !== 1) yield 'nothing migrates';
      for (const [id, each] of migrations(rendering)) {
        if (!same(property(each, 'ServiceToken'), { 'Fn::GetAtt': ['MigrateFunction', 'Arn'] }))
          yield `${id} changes its service, which it may not`;
        if (!same(property(each, 'Bundle'), { Ref: versionOf(rendering, 'MigrateFunction') }))
          yield `${id} does not see new SQL`;
      }
    }),
    defects: {
      'by a version': edit('Migrations/Properties/ServiceToken', { Ref: 'MigrateFunction.Version' }),
      'by the alias': edit('Migrations/Properties/ServiceToken', { Ref: 'MigrateFunction.Alias' }),
      'once and never again': edit('Migrations/Properties/Bundle'),
      'by the bundle of another': edit('Migrations/Properties/Bundle', { Ref: 'MainFunction.CodeSha256' }),
    },
  },
  {
    name: 'CloudFormation waits for the migrations a quarter of an hour, and longer than the function runs',
    check: inEach(function* (rendering) {
      for (const [id, each] of migrations(rendering)) {
        const seconds = Number(property(each, 'ServiceTimeout') ?? 3600);
        if (seconds !== 900) yield `${id} is waited for ${seconds} s`;
        if (seconds <= Number(property(rendering.resources.MigrateFunction, 'Timeout')))
          yield `${id} gives up before its function`;
      }
    }),
    defects: {
      'an hour': edit('Migrations/Properties/ServiceTimeout'),
      'a minute': edit('Migrations/Properties/ServiceTimeout', 60),
    },
  },
  {
    name: 'migrations come after the database and before every function that reads it',
    check: inEach(function* (rendering) {
      for (const [id, each] of migrations(rendering)) {
        if (!listOf(each.DependsOn).includes('DBInstance')) yield `${id} may come before the database`;
        const inside = rendering.parameters.FunctionsInVpc === 'true';
        if (!same(property(each, 'WayOut'), inside ? { Ref: 'PrivateRoute' } : 'none'))
          yield `${id} may come before the way out`;
      }
      for (const name of ['MainFunction', 'AllocationFunction', 'AllocationWorker']) {
        if (!listOf(rendering.resources[name]?.DependsOn).includes('Migrations'))
          yield `${name} may come before its schema`;
      }
    }),
    seenIn: 'vpc',
    defects: {
      'before the database': edit('Migrations/DependsOn'),
      'after the cluster only': edit('Migrations/DependsOn', 'DBCluster'),
      'after the API': edit('MainFunction/DependsOn'),
      'after the worker': edit('AllocationWorker/DependsOn'),
      'before the way out': edit('Migrations/Properties/WayOut', 'none'),
    },
  },
];
