import { at, isObject, listOf, membersOf, textsOf } from '../json.ts';
import { configure, edit, type Rule } from '../rule.ts';
import { overridesOf, type Stack } from '../stack.ts';

const parametersOf = ({ source }: Stack) => Object.entries(membersOf(source.template.Parameters));

export const allows = (parameter: unknown, value: string): boolean => {
  const { AllowedValues, AllowedPattern, Type } = membersOf(parameter as never); // read by name only
  const values = String(Type).includes('List') ? value.split(',') : [value];
  return values.every((each) =>
    AllowedValues === undefined
      ? new RegExp(`^(?:${AllowedPattern})$`).test(each)
      : listOf(AllowedValues).map(String).includes(each),
  );
};

/** No parameter of ours may hold such a text. */
const nonsense = ['\u0000', 'any thing; <at> "all"\n', '☃'];

export const parameterRules: readonly Rule[] = [
  {
    name: 'every parameter says by pattern or list what it may hold',
    check: (stack) =>
      parametersOf(stack).flatMap(([name, parameter]) => {
        const { AllowedValues, AllowedPattern } = membersOf(parameter);
        if (AllowedValues === undefined && typeof AllowedPattern !== 'string') return [`${name} may hold anything`];
        return nonsense.some((text) => allows(parameter, text)) ? [`${name} takes nonsense`] : [];
      }),
    seenIn: 'source',
    defects: {
      'a pattern is gone': edit('/Parameters/VpcCidr/AllowedPattern'),
      'a list is gone': edit('/Parameters/WafEnabled/AllowedValues'),
      'a pattern lets everything in': edit('/Parameters/DatabaseName/AllowedPattern', '[\\s\\S]*'),
      'a new parameter has neither': edit('/Parameters/Extra', { Type: 'String', Default: '', Description: 'New' }),
    },
  },
  {
    name: 'every parameter has a default, which it allows, and a description',
    check: (stack) =>
      parametersOf(stack).flatMap(([name, parameter]) => {
        const { Default, Description } = membersOf(parameter);
        if (typeof Description !== 'string' || Description.length < 10) return [`${name} is not described`];
        if (Default === undefined) return [`${name} must be given at a first deployment`];
        return allows(parameter, String(Default)) ? [] : [`${name} does not allow its default`];
      }),
    seenIn: 'source',
    defects: {
      'a default is gone': edit('/Parameters/Currency/Default'),
      'a default is not allowed': edit('/Parameters/Environment/Default', 'test'),
      'a description is gone': edit('/Parameters/JwtIssuer/Description'),
    },
  },
  {
    name: 'no parameter holds a secret',
    check: (stack) =>
      parametersOf(stack)
        .filter(([name, each]) => at(each, 'NoEcho') !== undefined || /password|secret|credential|token/i.test(name))
        .map(([name]) => `${name} holds a secret`),
    seenIn: 'source',
    defects: {
      'a password is asked for': edit('/Parameters/DBPassword', {
        Type: 'String',
        Default: 'secret',
        AllowedPattern: '^\\w+$',
        Description: 'Password of the database',
      }),
      'a parameter is hidden': edit('/Parameters/JwtAudience/NoEcho', true),
    },
  },
  {
    name: 'samconfig.toml sets parameters that there are, to what they allow',
    check: (stack) =>
      Object.keys(stack.source.configuration).flatMap((environment) =>
        Object.entries(overridesOf(stack.source.configuration, environment)).flatMap(([name, value]) => {
          if (environment === 'pipeline') return []; // the other template's
          const parameter = at(stack.source.template, `Parameters/${name}`);
          if (!isObject(parameter)) return [`${environment} sets ${name}, which there is not`];
          return allows(parameter, value) ? [] : [`${environment} sets ${name} to ${value}`];
        }),
      ),
    seenIn: 'source',
    defects: {
      'a name is mistyped': configure('prod/deploy/parameters/parameter_overrides/-', 'BackupRetention=35'),
      'a value is not allowed': configure('prod/deploy/parameters/parameter_overrides/-', 'LogRetentionDays=1'),
      'a parameter loses its name': edit('/Parameters/DatabaseInstances'),
    },
  },
  {
    name: 'samconfig.toml says of each environment where, under which name, and how it is built and deployed',
    check: ({ source: { configuration } }) => {
      const environments = ['default', 'stage', 'prod'];
      const names = environments.map((each) => at(configuration, `${each}/global/parameters/stack_name`));
      return [
        ...(new Set(names.filter(Boolean)).size < environments.length ? ['two environments share a name'] : []),
        ...environments.flatMap((environment) => {
          const setting = (name: string) => at(configuration, `${environment}/${name}`);
          const wanted = environment === 'default' ? 'dev' : environment;
          const facts: Readonly<Record<string, boolean>> = {
            'is in no region': typeof setting('global/parameters/region') === 'string',
            'has no bucket': setting('deploy/parameters/resolve_s3') === true,
            'may not make roles': setting('deploy/parameters/capabilities') === 'CAPABILITY_IAM',
            'is not linted': setting('validate/parameters/lint') === true,
            'builds a copy': setting('build/parameters/build_in_source') === true,
            'builds from a cache': setting('build/parameters/cached') === undefined,
            'is not tagged': textsOf(setting('deploy/parameters/tags'))
              .join()
              .split(' ')
              .includes(`Environment=${wanted}`),
            'says another Environment': overridesOf(configuration, environment).Environment === wanted,
            'keeps a failed update': setting('deploy/parameters/disable_rollback') === undefined,
          };
          return Object.entries(facts).flatMap(([problem, holds]) => (holds ? [] : [`${environment} ${problem}`]));
        }),
      ];
    },
    seenIn: 'source',
    defects: {
      'prod has the name of stage': configure('prod/global/parameters/stack_name', 'inventory-allocation-stage'),
      'prod says that it is stage': configure('prod/deploy/parameters/parameter_overrides/0', 'Environment=stage'),
      'a region is gone': configure('stage/global/parameters/region'),
      'the bucket is gone': configure('stage/deploy/parameters/resolve_s3'),
      'the tags are gone': configure('prod/deploy/parameters/tags'),
      'the build is cached': configure('default/build/parameters/cached', true),
    },
  },
];
