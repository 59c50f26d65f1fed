import { at, type Json, listOf, same } from '../json.ts';
import { configure, edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering } from '../stack.ts';

const clusters = (rendering: Rendering) => ofType(rendering, 'AWS::RDS::DBCluster');
const instances = (rendering: Rendering) => ofType(rendering, 'AWS::RDS::DBInstance');
const isDevelopment = ({ parameters }: Rendering) => parameters.Environment === 'dev';

/** A rule about properties of the one cluster: what is wrong where one does not hold. */
const ofCluster = (
  facts: (value: (path: string) => Json | undefined, rendering: Rendering) => Readonly<Record<string, boolean>>,
) =>
  inEach(function* (rendering) {
    if (clusters(rendering).length !== 1) yield 'there is not one cluster';
    for (const [id, cluster] of clusters(rendering)) {
      const found = facts((path) => at(cluster, path), rendering);
      for (const [problem, holds] of Object.entries(found)) if (!holds) yield `${id} ${problem}`;
    }
  });

export const databaseRules: readonly Rule[] = [
  {
    name: 'the database is Aurora PostgreSQL 17, Serverless v2, with its Data API',
    check: ofCluster((value, rendering) => ({
      'is no Aurora PostgreSQL': value('Properties/Engine') === 'aurora-postgresql',
      'has no Data API in its version': /^17\.([4-9]|\d\d)$/.test(String(value('Properties/EngineVersion'))),
      'has its Data API switched off': value('Properties/EnableHttpEndpoint') === true,
      'is Serverless v1': value('Properties/EngineMode') === undefined,
      'has another database': value('Properties/DatabaseName') === rendering.parameters.DatabaseName,
      'has instances of another kind': instances(rendering).every(
        ([, each]) =>
          property(each, 'DBInstanceClass') === 'db.serverless' && property(each, 'Engine') === 'aurora-postgresql',
      ),
    })),
    defects: {
      'the Data API is off': edit('DBCluster/Properties/EnableHttpEndpoint', false),
      'the Data API is not named': edit('DBCluster/Properties/EnableHttpEndpoint'),
      'the engine is another': edit('DBCluster/Properties/Engine', 'aurora-mysql'),
      'the version is old': edit('DBCluster/Properties/EngineVersion', '12.7'),
      'the instance is of class T': edit('DBInstance/Properties/DBInstanceClass', 'db.t3.micro'),
    },
  },
  {
    name: "the master's password is the service's own",
    check: ofCluster((value) => ({
      'has a password that somebody knows': value('Properties/MasterUserPassword') === undefined,
      'does not manage its password': value('Properties/ManageMasterUserPassword') === true,
      // `admin` is reserved, and any other name than this would replace the cluster.
      'has another name for its master': value('Properties/MasterUsername') === 'inventory_admin',
      'cannot be entered by IAM': value('Properties/EnableIAMDatabaseAuthentication') === true,
    })),
    defects: {
      'a password is written down': edits(
        edit('DBCluster/Properties/ManageMasterUserPassword'),
        edit('DBCluster/Properties/MasterUserPassword', 'correct horse'),
      ),
      'the name is reserved': edit('DBCluster/Properties/MasterUsername', 'admin'),
    },
  },
  {
    name: 'the data outlives the stack and every mistake',
    check: ofCluster((value, rendering) => ({
      'is deleted with the stack': value('DeletionPolicy') === 'Snapshot',
      'is lost when it is replaced': value('UpdateReplacePolicy') === 'Snapshot',
      'can be deleted by a click': isDevelopment(rendering) || value('Properties/DeletionProtection') === true,
      'cannot be removed in development': !isDevelopment(rendering) || value('Properties/DeletionProtection') === false,
      'leaves snapshots without tags': value('Properties/CopyTagsToSnapshot') === true,
    })),
    defects: {
      'deletion takes no snapshot': edit('DBCluster/DeletionPolicy', 'Delete'),
      'replacement takes no snapshot': edit('DBCluster/UpdateReplacePolicy'),
      'deletion is not prevented': edit('DBCluster/Properties/DeletionProtection', false),
      'deletion is prevented in dev only': edit('DBCluster/Properties/DeletionProtection', {
        'Fn::If': ['IsDevelopment', true, false],
      }),
    },
  },
  {
    name: 'the database can be restored to any second of a week, of 35 days in production',
    check: ofCluster((value, { parameters: { Environment } }) => ({
      'is kept for too few days':
        Number(value('Properties/BackupRetentionPeriod') ?? 1) >=
        (Environment === 'prod' ? 35 : Environment === 'stage' ? 14 : 7),
    })),
    defects: {
      'one day is kept': edit('DBCluster/Properties/BackupRetentionPeriod', 1),
      'no days are named': edit('DBCluster/Properties/BackupRetentionPeriod'),
      'production has the default': configure('prod/deploy/parameters/parameter_overrides/4', 'BackupRetentionDays=7'),
    },
  },
  {
    name: 'the database cannot be reached from outside',
    check: inEach(function* (rendering) {
      for (const [id, each] of [...instances(rendering), ...clusters(rendering)]) {
        const open = property(each, 'PubliclyAccessible');
        if (open === true || (open === undefined && each.Type.endsWith('Instance'))) yield `${id} is public`;
      }
      for (const [id, each] of clusters(rendering)) {
        if (!same(property(each, 'DBSubnetGroupName'), { Ref: 'DBSubnetGroup' }))
          yield `${id} is in the default network`;
        if (!same(property(each, 'VpcSecurityGroupIds'), [{ Ref: 'DBSecurityGroup' }])) yield `${id} has another group`;
      }
      for (const [id, each] of ofType(rendering, 'AWS::RDS::DBSubnetGroup')) {
        const subnets = [{ Ref: 'PrivateSubnet1' }, { Ref: 'PrivateSubnet2' }];
        if (!same(property(each, 'SubnetIds'), subnets)) yield `${id} is not in the isolated subnets`;
      }
    }),
    defects: {
      'it is public': edit('DBInstance/Properties/PubliclyAccessible', true),
      'it does not say': edit('DBStandby/Properties/PubliclyAccessible'),
      'it lies in a public subnet': edit('DBSubnetGroup/Properties/SubnetIds/1', { Ref: 'PublicSubnet2' }),
      'it has the default group': edit('DBCluster/Properties/VpcSecurityGroupIds'),
    },
  },
  {
    name: 'stage and production have a second instance of the same cluster',
    check: inEach(function* (rendering) {
      const found = instances(rendering);
      if (found.length !== Number(rendering.parameters.DatabaseInstances)) yield `there are ${found.length} instances`;
      if (!isDevelopment(rendering) && found.length < 2) yield 'there is no second instance';
      for (const [id, each] of found) {
        if (!same(property(each, 'DBClusterIdentifier'), { Ref: 'DBCluster' })) yield `${id} is of no cluster`;
        if (each.DeletionPolicy !== 'Delete') yield `${id} asks for a snapshot that only the cluster can make`;
      }
    }),
    defects: {
      'the second is gone': edit('DBStandby'),
      'production has one': configure('prod/deploy/parameters/parameter_overrides/1', 'DatabaseInstances=1'),
    },
  },
  {
    name: 'development sleeps when idle, production never',
    check: ofCluster((value, rendering) => {
      const scaling = 'Properties/ServerlessV2ScalingConfiguration';
      const [least, most] = [Number(value(`${scaling}/MinCapacity`)), Number(value(`${scaling}/MaxCapacity`))];
      return {
        'has no range': least < most,
        'is awake for nobody': !isDevelopment(rendering) || least === 0,
        'sleeps under its users': isDevelopment(rendering) || least > 0,
        'does not say when it sleeps':
          (least === 0) === (value(`${scaling}/SecondsUntilAutoPause`) !== undefined) &&
          (least > 0 || value(`${scaling}/SecondsUntilAutoPause`) === 300), // the least that Aurora takes,
      };
    }),
    defects: {
      'the range is gone': edit('DBCluster/Properties/ServerlessV2ScalingConfiguration'),
      'it always sleeps': edit('DBCluster/Properties/ServerlessV2ScalingConfiguration/MinCapacity', 0),
      'a pause is named where there is none': edit(
        'DBCluster/Properties/ServerlessV2ScalingConfiguration/SecondsUntilAutoPause',
        300,
      ),
    },
  },
  {
    name: 'the log of the database is kept in a group of the stack, made before the cluster writes it',
    check: ofCluster((value, rendering) => {
      const group = `/aws/rds/cluster/${value('Properties/DBClusterIdentifier')}/postgresql`;
      const [id] =
        ofType(rendering, 'AWS::Logs::LogGroup').find(([, each]) => property(each, 'LogGroupName') === group) ?? [];
      return {
        'logs nothing': same(value('Properties/EnableCloudwatchLogsExports'), ['postgresql']),
        'makes its own group': id !== undefined && listOf(value('DependsOn')).includes(id),
      };
    }),
    defects: {
      'nothing is exported': edit('DBCluster/Properties/EnableCloudwatchLogsExports'),
      'the group has another name': edit('DBLogs/Properties/LogGroupName', {
        'Fn::Sub': `/aws/rds/\${AWS::StackName}`,
      }),
      'the cluster does not wait': edit('DBCluster/DependsOn'),
    },
  },
];
