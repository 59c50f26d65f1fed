import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { at, type Json, key, membersOf, same, textsOf } from '../json.ts';
import { configure, edits, type Rule } from '../rule.ts';
import { overridesOf, type Stack } from '../stack.ts';

const environments = ['default', 'stage', 'prod'] as const;

type Section = Readonly<Record<string, readonly [command: string, is: (value: Json, stackName: Json) => boolean]>>;

const is = (expected: Json) => (value: Json) => same(value, expected);
const isText = (value: Json) => typeof value === 'string' && value !== '';
/** As a cluster, a function and a queue may be called: `<stack>-allocation-worker` has 64 characters at the most. */
const isName = (value: Json) => isText(value) && /^(?=.{1,46}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(String(value));

/** All that a section may say, and what it must say. A setting that is not here decides something that nobody looks at. */
const everywhere: Section = {
  'global/stack_name': ['must', isName],
  'global/region': ['must', isText],
  'validate/lint': ['must', is(true)],
  'deploy/resolve_s3': ['must', is(true)],
  'deploy/s3_prefix': ['must', (value, stackName) => value === stackName], // or two stacks mix their artifacts
  'deploy/fail_on_empty_changeset': ['must', is(false)], // a pipeline that runs again has nothing to do, and succeeds
  'deploy/tags': ['must', isText],
  'deploy/parameter_overrides': [
    'must',
    (value) => textsOf(value).length > 0 && textsOf(value).every((each) => /^\w+=./.test(each)),
  ],
};
const ofApplication: Section = {
  ...everywhere,
  'build/build_in_source': ['must', is(true)],
  'build/parallel': ['may', is(true)],
  'deploy/capabilities': ['must', is('CAPABILITY_IAM')], // and none for roles with names, of which there are none
};
const sections: Readonly<Record<string, Section>> = {
  default: {
    ...ofApplication,
    'local_invoke/skip_pull_image': ['must', is(true)], // an image of one's own may stand in for the public one
    'local_start_api/skip_pull_image': ['must', is(true)],
    'local_start_api/warm_containers': ['must', is('EAGER')], // layers are unpacked once, not at every call
  },
  stage: ofApplication,
  prod: ofApplication,
  pipeline: { ...everywhere, 'deploy/capabilities': ['must', is('CAPABILITY_NAMED_IAM')] },
};

const settingsOf = (configuration: Json | undefined, name: string): [string, Json][] =>
  Object.entries(membersOf(at(configuration, name))).flatMap(([command, each]) =>
    Object.entries(membersOf(each)).flatMap(([table, settings]) =>
      table === 'parameters'
        ? Object.entries(membersOf(settings)).map(([setting, value]): [string, Json] => [
            `${command}/${setting}`,
            value,
          ])
        : [[`${command}/${table}`, settings] satisfies [string, Json]],
    ),
  );

const parameter = (environment: string, name: string, { source }: Stack) =>
  overridesOf(source.configuration, environment)[name] ?? String(at(source.template, `Parameters/${name}/Default`));

const parametersOfPipeline = membersOf(
  parse(readFileSync(join(import.meta.dirname, '../../../pipeline/template.yaml'), 'utf8'), { logLevel: 'silent' })
    .Parameters,
);

const overrides = (environment: string) => `${environment}/deploy/parameters/parameter_overrides`;

export const configurationRules: readonly Rule[] = [
  {
    name: 'samconfig.toml says of each stack what it must, and nothing that nobody looks at',
    check: ({ source: { configuration } }) => {
      const { version, ...named } = configuration;
      const isKnown = Number(version) === 0.1 && same(Object.keys(named).sort(), Object.keys(sections).sort());
      const wrong = Object.entries(sections).flatMap(([name, section]) => {
        const found = Object.fromEntries(settingsOf(configuration, name));
        const stackName = found['global/stack_name'] ?? null;
        return [
          ...Object.keys(found)
            .filter((setting) => section[setting] === undefined)
            .map((setting) => `${name} says ${setting}`),
          ...Object.entries(section).flatMap(([setting, [command, holds]]) => {
            const value = found[setting];
            if (value === undefined) return command === 'must' ? [`${name} says nothing of ${setting}`] : [];
            return holds(value, stackName) ? [] : [`${name} says ${setting} = ${key(value)}`];
          }),
        ];
      });
      return [...(isKnown ? [] : ['the version or the sections are others']), ...wrong];
    },
    seenIn: 'source',
    defects: {
      'artifacts among those of another stack': configure(
        'prod/deploy/parameters/s3_prefix',
        'inventory-allocation-stage',
      ),
      'nothing to do is a failure': configure('prod/deploy/parameters/fail_on_empty_changeset', true),
      'a bucket of its own': configure('stage/deploy/parameters/s3_bucket', 'artifacts'),
      'the source instead of the build': configure('default/deploy/parameters/template_file', 'template.yaml'),
      'the login of somebody': configure('prod/deploy/parameters/profile', 'admin'),
      'a question that no pipeline answers': configure('prod/deploy/parameters/confirm_changeset', true),
      'a role of somebody': configure('prod/deploy/parameters/role_arn', 'arn:aws:iam::111122223333:role/admin'),
      'a failed update is kept': configure('prod/deploy/parameters/disable_rollback', true),
      'a build in a container': configure('stage/build/parameters/use_container', true),
      'a mistyped setting': edits(
        configure('prod/deploy/parameters/parameter_override', ['Environment=prod']),
        configure('prod/deploy/parameters/parameter_overrides'),
      ),
      'rights for every name': configure('prod/deploy/parameters/capabilities', 'CAPABILITY_NAMED_IAM'),
      'the pipeline may not make its roles': configure('pipeline/deploy/parameters/capabilities'),
      'the pipeline has no bucket': configure('pipeline/deploy/parameters/resolve_s3', false),
      'an image is asked for': configure('default/local_invoke/parameters/skip_pull_image', false),
      'a name that is too long for its functions': edits(
        configure('prod/global/parameters/stack_name', 'inventory-allocation-production-for-all-of-europe'),
        configure('prod/deploy/parameters/s3_prefix', 'inventory-allocation-production-for-all-of-europe'),
      ),
      'a name that no cluster may have': edits(
        configure('prod/global/parameters/stack_name', 'Inventory_Allocation'),
        configure('prod/deploy/parameters/s3_prefix', 'Inventory_Allocation'),
      ),
      'no version': configure('version'),
      'a section is mistyped': edits(configure('prod'), configure('production', {})),
    },
  },
  {
    name: 'all stacks are in one region, the pipeline beside what it deploys',
    check: ({ source: { configuration } }) => {
      const regions = Object.keys(sections).map((name) => at(configuration, `${name}/global/parameters/region`));
      const names = ['StageStackName', 'ProdStackName'].map((name) => overridesOf(configuration, 'pipeline')[name]);
      const known = ['stage', 'prod'].map((name) => at(configuration, `${name}/global/parameters/stack_name`));
      return [
        ...(new Set(regions).size === 1 && /^[a-z]{2}(-[a-z]+)+-\d$/.test(String(regions[0]))
          ? []
          : [`they are in ${regions.join()}`]),
        ...(same(names as Json, known as Json) ? [] : [`the pipeline deploys ${names.join()}`]),
        ...Object.keys(overridesOf(configuration, 'pipeline'))
          .filter((name) => !Object.keys(parametersOfPipeline).includes(name))
          .map((name) => `the pipeline has no ${name}`),
      ];
    },
    seenIn: 'source',
    defects: {
      'one is elsewhere': configure('prod/global/parameters/region', 'us-east-9'),
      'the pipeline is nowhere': configure('pipeline/global/parameters/region'),
      'the pipeline is told what it does not know': configure(`${overrides('pipeline')}/-`, 'Branch=main'),
      'the pipeline deploys another': configure(`${overrides('pipeline')}/5`, 'ProdStackName=inventory-prod'),
    },
  },
  {
    name: 'no environment keeps what is said of one deployment, or says a thing twice',
    check: ({ source: { configuration } }) =>
      environments.flatMap((environment) => {
        const texts = textsOf(at(configuration, overrides(environment)));
        const names = texts.map((text) => text.split('=')[0]!);
        return [
          ...(new Set(names).size < names.length ? [`${environment} says a thing twice`] : []),
          ...names
            .filter((name) => ['IgnoreAlarms', 'ReleaseId'].includes(name))
            .map((name) => `${environment} keeps ${name}`),
        ];
      }),
    seenIn: 'source',
    defects: {
      'alarms are ignored for ever': configure(`${overrides('prod')}/-`, 'IgnoreAlarms=true'),
      'every release has one name': configure(`${overrides('stage')}/-`, `ReleaseId=${'0'.repeat(40)}`),
      'a thing twice': configure(`${overrides('prod')}/-`, 'MaxCapacity=16'),
    },
  },
  {
    name: 'what stage tests is what production runs',
    check: (stack) =>
      [
        ...['Architecture', 'EngineVersion', 'FunctionsInVpc', 'DatabaseName', 'DatabaseInstances'],
        ...['Currency', 'CurrencyDigits', 'TimeZone', 'AllowedCosts'],
      ].flatMap((name) => {
        const [tested, run] = ['stage', 'prod'].map((environment) => parameter(environment, name, stack));
        return tested === run ? [] : [`${name} is ${tested} in stage and ${run} in production`];
      }),
    seenIn: 'source',
    defects: {
      'another version of the database': configure(`${overrides('stage')}/-`, 'EngineVersion=17.4'),
      'another processor': configure(`${overrides('prod')}/-`, 'Architecture=x86_64'),
      'another currency': configure(`${overrides('stage')}/-`, 'Currency=JPY'),
    },
  },
  {
    name: 'development costs next to nothing, no environment a fortune, and production is strict',
    check: (stack) => {
      const of = (environment: string, name: string) => parameter(environment, name, stack);
      const idle = {
        DatabaseInstances: '1',
        MinCapacity: '0',
        FunctionsInVpc: 'false',
        WafEnabled: 'false',
        AllocationSchedule: '',
      };
      return [
        ...Object.entries(idle).flatMap(([name, value]) =>
          of('default', name) === value ? [] : [`development pays for ${name}=${of('default', name)}`],
        ),
        ...environments.flatMap((each) => {
          const most = Number(of(each, 'MaxCapacity'));
          return most <= 16 && Number(of(each, 'MinCapacity')) <= 2 ? [] : [`${each} may take ${most} units`];
        }),
        ...(of('prod', 'RequireIdempotencyKey') === 'true' ? [] : ['production allocates twice what is sent twice']),
        ...environments.flatMap((each) => (of(each, 'LogLevel') === 'DEBUG' ? [`${each} logs all`] : [])),
      ];
    },
    seenIn: 'source',
    defects: {
      'a second instance in development': configure(`${overrides('default')}/-`, 'DatabaseInstances=2'),
      'a NAT in development': configure(`${overrides('default')}/-`, 'FunctionsInVpc=true'),
      'a firewall in development': configure(`${overrides('default')}/-`, 'WafEnabled=true'),
      'a clock in development': configure(`${overrides('default')}/-`, 'AllocationSchedule=rate(5 minutes)'),
      'a dear load': configure(`${overrides('prod')}/3`, 'MaxCapacity=128'),
      'keys are left to the caller': configure(`${overrides('prod')}/7`, 'RequireIdempotencyKey=false'),
      'everything is logged': configure(`${overrides('prod')}/-`, 'LogLevel=DEBUG'),
    },
  },
];
