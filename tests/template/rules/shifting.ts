import { at, type Json, key, listOf, membersOf, same } from '../json.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering, referencesOf } from '../stack.ts';
import { versionOf } from '../versions.ts';

/** What serves and is exchanged slowly; the authorizer and the page serve too, and are exchanged at once. */
const shifted = ['MainFunction', 'AllocationFunction', 'AllocationWorker'];
const serving = [...shifted, 'AuthorizerFunction', 'ConsoleFunction'];

const functionsIn = (template: Json) =>
  Object.entries(membersOf(at(template, 'Resources'))).filter(
    ([, each]) => at(each, 'Type') === 'AWS::Serverless::Function',
  );

const aliasOf = (rendering: Rendering, id: string) =>
  ofType(rendering, 'AWS::Lambda::Alias').find(([, each]) => same(property(each, 'FunctionName'), { Ref: id }))?.[1];

export const shiftingRules: readonly Rule[] = [
  {
    name: 'what takes traffic has the alias live, on the version that this release publishes',
    check: inEach(function* (rendering) {
      for (const id of [...serving, 'MigrateFunction']) {
        const alias = aliasOf(rendering, id);
        if (property(alias, 'Name') !== 'live') yield `${id} has no alias live`;
        if (!key(property(alias, 'FunctionVersion')).includes(`"${versionOf(rendering, id)}"`))
          yield `${id}'s alias is of another version`;
      }
      const aliases = ofType(rendering, 'AWS::Lambda::Alias').map(([id]) => id);
      if (aliases.length > serving.length + 1) yield `nothing goes by ${aliases.join()}`;
    }),
    defects: {
      none: edits(
        edit('AllocationWorker/Properties/AutoPublishAlias'),
        edit('AllocationWorker/Properties/DeploymentPreference'),
        edit('WorkerLambdaErrorsAlarm'),
        edit('WorkerLambdaHandledErrorsAlarm'),
        edit('PreTrafficHook/Properties/Environment/Variables/WORKER_VERSION'),
        edit('AllocationWorker/Properties/AutoPublishAliasAllProperties'),
        edit('/Outputs/AllocationWorkerAlias'),
      ),
      'another name': edit('MainFunction/Properties/AutoPublishAlias', 'current'),
      'one that nothing goes by': edit('PreTrafficHook/Properties/AutoPublishAlias', 'live'),
    },
  },
  {
    name: 'every release is published: one of code, of a layer, or of a parameter alone',
    check: ({ source: { template } }) =>
      functionsIn(template).flatMap(([id, each]) => {
        const { AutoPublishAliasAllProperties, AutoPublishCodeSha256 } = membersOf(at(each, 'Properties'));
        if (![...serving, 'MigrateFunction'].includes(id)) return [];
        if (AutoPublishAliasAllProperties !== true) return [`${id} keeps its old layers and settings`];
        const release = id === 'MigrateFunction' ? undefined : { Ref: 'ReleaseId' };
        return same(AutoPublishCodeSha256, release) ? [] : [`${id} is published by ${key(AutoPublishCodeSha256)}`];
      }),
    seenIn: 'source',
    defects: {
      'not by its properties': edit('MainFunction/Properties/AutoPublishAliasAllProperties', false),
      'not by the release': edit('AllocationFunction/Properties/AutoPublishCodeSha256'),
      'by a fixed text': edit('AuthorizerFunction/Properties/AutoPublishCodeSha256', '0123456789abcdef'),
      'migrations run at every release': edit('MigrateFunction/Properties/AutoPublishCodeSha256', { Ref: 'ReleaseId' }),
    },
  },
  {
    name: 'a release is named by 40 hexadecimal digits, or not at all',
    check: ({ source: { template } }) => {
      const pattern = new RegExp(`^(?:${at(template, 'Parameters/ReleaseId/AllowedPattern')})$`);
      return [
        ...(at(template, 'Parameters/ReleaseId/Default') === ''
          ? []
          : ['a bare deployment would name the same release each time']),
        ...(pattern.test('') && pattern.test('0'.repeat(40)) ? [] : ['a commit is no release']),
        // The first ten characters become part of a logical id.
        ...(pattern.test('0b1c2d3e-0000-4000') ? ['a release may have characters that a logical id has not'] : []),
      ];
    },
    seenIn: 'source',
    defects: {
      'any text': edit('/Parameters/ReleaseId/AllowedPattern', '^[0-9A-Za-z._-]{0,64}$'),
      'a default': edit('/Parameters/ReleaseId/Default', '0123456789abcdef0123456789abcdef01234567'),
    },
  },
  {
    name: 'every layer is published, built by make, and kept for a rollback',
    check: ({ source: { template }, renderings }) => {
      const layers = Object.entries(membersOf(template.Resources)).filter(
        ([, each]) => at(each, 'Type') === 'AWS::Serverless::LayerVersion',
      );
      const wrong = layers.flatMap(([id, each]) => {
        const { PublishLambdaVersion, RetentionPolicy, CompatibleRuntimes, ContentUri, CompatibleArchitectures } =
          membersOf(at(each, 'Properties'));
        return [
          ...(PublishLambdaVersion === true ? [] : [`${id} reaches no alias`]),
          ...(RetentionPolicy === 'Retain' ? [] : [`${id} is gone when a rollback needs it`]),
          ...(same(CompatibleRuntimes, ['nodejs24.x']) ? [] : [`${id} is for another runtime`]),
          ...(same(CompatibleArchitectures, [{ Ref: 'Architecture' }]) ? [] : [`${id} is for another processor`]),
          ...(at(each, 'Metadata/BuildMethod') === 'makefile' && ContentUri === 'layers'
            ? []
            : [`${id} is packed otherwise`]),
        ];
      });
      const names = layers.map(([id]) => id).join();
      const gone = renderings.flatMap((rendering) =>
        ofType(rendering, 'AWS::Lambda::LayerVersion')
          .filter(([, each]) => each.DeletionPolicy !== 'Retain')
          .map(([id]) => `${id} is deleted`),
      );
      return [
        ...wrong,
        ...gone,
        ...(names === 'ModelsLayer,SchemasLayer,DatabaseLayer' ? [] : [`the layers are ${names}`]),
      ];
    },
    defects: {
      'one is not published': edit('DatabaseLayer/Properties/PublishLambdaVersion'),
      'one is not kept': edit('ModelsLayer/Properties/RetentionPolicy', 'Delete'),
      'one is not built': edit('SchemasLayer/Metadata/BuildMethod', 'nodejs24.x'),
    },
  },
  {
    name: 'traffic shifts for the functions that serve it, and literally always',
    check: ({ source: { template } }) => {
      const preferences = functionsIn(template).filter(
        ([, each]) => at(each, 'Properties/DeploymentPreference') !== undefined,
      );
      const globals = membersOf(at(template, 'Globals/Function'));
      return [
        ...(globals.DeploymentPreference === undefined ? [] : ['every function shifts, the migrator too']),
        ...(globals.AutoPublishAlias === undefined ? [] : ['every function has an alias']),
        ...(same(preferences.map(([id]) => id).sort(), [...shifted].sort()) ? [] : ['other functions shift']),
        ...preferences.flatMap(([id, each]) =>
          at(each, 'Properties/DeploymentPreference/Enabled') === true
            ? []
            : [`${id}: SAM takes any expression for true`],
        ),
      ];
    },
    seenIn: 'source',
    defects: {
      'for all': edit('/Globals/Function/DeploymentPreference', { Type: 'AllAtOnce' }),
      'for the migrator': edit('MigrateFunction/Properties/DeploymentPreference', { Type: 'AllAtOnce' }),
      'by an expression': edit('MainFunction/Properties/DeploymentPreference/Enabled', {
        'Fn::If': ['IsProduction', true, false],
      }),
      never: edit('AllocationFunction/Properties/DeploymentPreference/Enabled', false),
      'for one no more': edit('AllocationWorker/Properties/DeploymentPreference'),
    },
  },
  {
    name: 'production shifts a quarter every 10 minutes, stage every minute, development at once',
    check: inEach(function* (rendering) {
      const { Environment } = rendering.parameters;
      const minutes = Environment === 'prod' ? 10 : Environment === 'stage' ? 1 : null;
      for (const id of shifted) {
        const config = property(rendering.resources[`${id}DeploymentGroup`], 'DeploymentConfigName');
        if (minutes === null) {
          if (config !== 'CodeDeployDefault.LambdaAllAtOnce') yield `${id} shifts by ${key(config)}`;
          continue;
        }
        const own = rendering.resources[referencesOf(config)[0] ?? ''];
        const routing = { Type: 'TimeBasedLinear', TimeBasedLinear: { LinearPercentage: 25, LinearInterval: minutes } };
        if (!same(property(own, 'TrafficRoutingConfig'), routing)) yield `${id} shifts by ${key(config)}`;
        if (property(own, 'ComputePlatform') !== 'Lambda' || property(own, 'MinimumHealthyHosts'))
          yield `${id} shifts as a server`;
      }
    }),
    defects: {
      'a tenth': edit('LinearDeploymentConfig/Properties/TrafficRoutingConfig/TimeBasedLinear/LinearPercentage', 10),
      'every minute': edit('LinearDeploymentConfig/Properties/TrafficRoutingConfig/TimeBasedLinear/LinearInterval', 1),
      'at once': edit('MainFunction/Properties/DeploymentPreference/Type', 'AllAtOnce'),
      'by a canary': edit('AllocationFunction/Properties/DeploymentPreference/Type', 'Canary10Percent5Minutes'),
      'the condition is turned round': edit('/Conditions/ShiftsLinearly', { Condition: 'IsDevelopment' }),
      'healthy hosts': edit('LinearDeploymentConfig/Properties/MinimumHealthyHosts', {
        Type: 'FLEET_PERCENT',
        Value: 50,
      }),
    },
  },
  {
    name: 'a failed or alarming deployment rolls back, watched by the alarms of its function',
    check: inEach(function* (rendering) {
      const ignored = rendering.parameters.IgnoreAlarms === 'true';
      for (const id of shifted) {
        const group = rendering.resources[`${id}DeploymentGroup`];
        const events = listOf(property(group, 'AutoRollbackConfiguration/Events'));
        const enabled = property(group, 'AutoRollbackConfiguration/Enabled') === true;
        for (const event of ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'])
          if (!enabled || !events.includes(event)) yield `${id} stays where it is after ${event}`;
        const own = ofType(rendering, 'AWS::CloudWatch::Alarm')
          .filter(([, each]) =>
            listOf(property(each, 'Dimensions')).some((one) => same(one, { Name: 'FunctionName', Value: { Ref: id } })),
          )
          .map(([name]) => name);
        const watched = listOf(property(group, 'AlarmConfiguration/Alarms')).map(
          (alarm) => referencesOf(alarm)[0] ?? key(alarm),
        );
        if (!same(watched.sort(), ignored ? [] : own.sort()))
          yield `${id} is watched by ${watched.join() || 'nothing'}`;
        if (!ignored && property(group, 'AlarmConfiguration/Enabled') !== true) yield `${id} watches nothing`;
        const style = { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' };
        if (!same(property(group, 'DeploymentStyle'), style)) yield `${id} does not shift`;
        if (!same(property(group, 'ServiceRoleArn'), { 'Fn::GetAtt': ['CodeDeployRole', 'Arn'] }))
          yield `${id} has another role`;
      }
    }),
    defects: {
      'no alarms': edit('MainFunction/Properties/DeploymentPreference/Alarms'),
      'one alarm less': edit('AllocationFunction/Properties/DeploymentPreference/Alarms/Fn::If/2/2'),
      'alarms of another': edit('AllocationFunction/Properties/DeploymentPreference/Alarms/Fn::If/2/0', {
        Ref: 'LambdaErrorsAlarm',
      }),
      'ignored the other way round': edit('/Conditions/AlarmsAreIgnored', {
        'Fn::Equals': [{ Ref: 'IgnoreAlarms' }, 'false'],
      }),
    },
  },
  {
    name: 'the hook is asked before traffic shifts, by a name that CodeDeploy may call',
    check: inEach(function* (rendering) {
      const name = property(rendering.resources.PreTrafficHook, 'FunctionName');
      if (typeof name !== 'string' || !/^CodeDeployHook_.*the-stack/.test(name))
        yield `CodeDeploy may not call ${key(name)}`;
      for (const id of shifted) {
        const update = at(aliasOf(rendering, id), 'UpdatePolicy/CodeDeployLambdaAliasUpdate');
        if (!same(at(update, 'BeforeAllowTrafficHook'), { Ref: 'PreTrafficHook' })) yield `${id} takes traffic unasked`;
        if (!same(at(update, 'DeploymentGroupName'), { Ref: `${id}DeploymentGroup` }))
          yield `${id} is deployed by another`;
      }
    }),
    defects: {
      'another name': edit('PreTrafficHook/Properties/FunctionName', { 'Fn::Sub': `\${AWS::StackName}-pre-traffic` }),
      'one name for all stacks': edit('PreTrafficHook/Properties/FunctionName', 'CodeDeployHook_inventory'),
      'no name': edit('PreTrafficHook/Properties/FunctionName'),
      'not asked': edit('MainFunction/Properties/DeploymentPreference/Hooks'),
      'asked afterwards': edit('AllocationFunction/Properties/DeploymentPreference/Hooks', {
        PostTraffic: { Ref: 'PreTrafficHook' },
      }),
      'another function': edit('AllocationWorker/Properties/DeploymentPreference/Hooks/PreTraffic', {
        Ref: 'MigrateFunction',
      }),
    },
  },
];
