import { at, type Json, type JsonObject, key, listOf, membersOf, same, textsOf } from '../../template/json.ts';
import { property } from '../../template/stack.ts';
import { configure, edit, editEnvironment, editParameters, inEach, type Rule, rewrite } from '../rule.ts';
import { fileParameters, type Source } from '../template.ts';

const templates = ({ template, environment }: Source) => ({
  'template.yaml': template,
  'environment.yaml': environment,
});
const declared = (template: JsonObject) => Object.entries(membersOf(template.Parameters));

/** What is wrong with values for the parameters of a template. */
function* faultsOf(template: JsonObject, values: Readonly<Record<string, Json>>): Generator<string> {
  const parameters = membersOf(template.Parameters);
  for (const [name, value] of Object.entries(values)) {
    const { AllowedPattern, AllowedValues } = membersOf(parameters[name]);
    if (parameters[name] === undefined) yield `there is no parameter ${name}`;
    // A value that only a created resource knows is not checked here.
    if (typeof value === 'object') continue;
    if (AllowedValues !== undefined && !listOf(AllowedValues).map(String).includes(String(value)))
      yield `${name} cannot be ${value}`;
    if (typeof AllowedPattern === 'string' && !new RegExp(`^(?:${AllowedPattern})$`).test(String(value)))
      yield `${name} cannot be ${value}`;
  }
  for (const [name, each] of Object.entries(parameters))
    if (at(each, 'Default') === undefined && values[name] === undefined) yield `nobody says ${name}`;
}

const overridesOf = ({ configuration }: Source): Record<string, string> =>
  Object.fromEntries(
    textsOf(at(configuration, 'pipeline/deploy/parameters/parameter_overrides')).map((each) => {
      const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(each) ?? [];
      return [name, value];
    }),
  );

export const parameterRules: readonly Rule[] = [
  {
    name: 'every parameter says what it is and what it may be, and its default is among it',
    check: function* ({ source }) {
      for (const [file, template] of Object.entries(templates(source)))
        for (const [name, each] of declared(template)) {
          const { Description, AllowedPattern, AllowedValues, Default, Type, NoEcho } = membersOf(each);
          if (typeof Description !== 'string' || Description.length < 10) yield `${file}: ${name} is not described`;
          if (AllowedPattern === undefined && listOf(AllowedValues).length === 0)
            yield `${file}: ${name} may be anything`;
          if (typeof AllowedPattern === 'string' && new RegExp(AllowedPattern).test('<any thing> you like\n'))
            yield `${file}: ${name} may be anything`;
          if (typeof AllowedPattern === 'string' && !/^\^.*\$$/.test(AllowedPattern))
            yield `${file}: ${name} may be more`;
          if (NoEcho !== undefined || /secret|password|token|credential/i.test(name))
            yield `${file}: ${name} is a secret`;
          if (Type !== 'String' && Type !== 'Number') yield `${file}: ${name} is of type ${key(Type)}`;
          if (Default === undefined) continue;
          for (const fault of faultsOf({ Parameters: { [name]: each } }, { [name]: Default }))
            yield `${file}: ${fault}`;
        }
    },
    defects: {
      'no pattern': edit('/Parameters/BranchName/AllowedPattern'),
      'any pattern': edit('/Parameters/GitHubRepository/AllowedPattern', '.*'),
      'an open pattern': edit('/Parameters/BranchName/AllowedPattern', '[A-Za-z]'),
      'a pattern without an end': editEnvironment('/Parameters/PipelineAccount/AllowedPattern', '^[0-9]{12}'),
      'no description': edit('/Parameters/StageAccount/Description'),
      'a default that it cannot have': edit('/Parameters/SourceProvider/Default', 'GitLab'),
      'a default that does not fit': edit('/Parameters/ProjectName/Default', 'Inventory Allocation'),
      'a token': edit('/Parameters/GitHubToken', {
        Type: 'String',
        NoEcho: true,
        AllowedPattern: '^[a-z]+$',
        Description: 'Token for the source',
      }),
      'no values': edit('/Parameters/LogRetentionDays/AllowedValues'),
      'in environment.yaml': editEnvironment('/Parameters/PipelineAccount/AllowedPattern'),
    },
  },
  {
    name: 'parameters.json fits the template',
    check: function* ({ source }) {
      const { parameters, template } = source;
      if (!Array.isArray(parameters)) yield 'it is no list';
      for (const each of listOf(parameters)) {
        const { ParameterKey, ParameterValue, ...others } = membersOf(each);
        if (typeof ParameterKey !== 'string' || typeof ParameterValue !== 'string' || Object.keys(others).length > 0)
          yield `it holds ${key(each)}`;
      }
      const names = listOf(parameters).map((each) => at(each, 'ParameterKey'));
      if (new Set(names).size < names.length) yield 'one is there twice';
      yield* faultsOf(template, fileParameters(source));
      if (fileParameters(source).SourceProvider === 'GitHub' && !fileParameters(source).GitHubRepository)
        yield 'which repository?';
    },
    defects: {
      'an unknown parameter': editParameters('0/ParameterKey', 'Project'),
      'a value that it cannot have': editParameters('1/ParameterValue', 'GitLab'),
      'a value that does not fit': editParameters('2/ParameterValue', 'https://github.com/a/b'),
      'a number': editParameters('0/ParameterValue', 1),
      'another form': editParameters('0', { ProjectName: 'inventory-allocation' }),
      'no repository': editParameters('2'),
      'one twice': editParameters('-', { ParameterKey: 'BranchName', ParameterValue: 'main' }),
      'a parameter without a value': edit('/Parameters/BuildImage/Default'),
    },
  },
  {
    name: 'GitHub is refused without its repository, before anything is made',
    check: function* ({ source: { template } }) {
      const expected = {
        RuleCondition: { 'Fn::Equals': [{ Ref: 'SourceProvider' }, 'GitHub'] },
        Assertions: [
          {
            Assert: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'GitHubRepository' }, ''] }] },
            AssertDescription: 'SourceProvider GitHub needs GitHubRepository',
          },
        ],
      };
      const providers = listOf(at(template, 'Parameters/SourceProvider/AllowedValues'));
      if (!same(providers, ['GitHub', 'CodeCommit'])) yield `the source may be ${key(providers)}`;
      if (!same(template.Rules, { GitHubNeedsItsRepository: expected })) yield `the rules are ${key(template.Rules)}`;
    },
    defects: {
      'no rule': edit('/Rules'),
      'a source that nothing reads': edit('/Parameters/SourceProvider/AllowedValues/-', 'S3'),
      'of the other source': edit('/Rules/GitHubNeedsItsRepository/RuleCondition/Fn::Equals/1', 'CodeCommit'),
      'turned round': edit('/Rules/GitHubNeedsItsRepository/Assertions/0/Assert', {
        'Fn::Equals': [{ Ref: 'GitHubRepository' }, ''],
      }),
    },
  },
  {
    name: 'samconfig.toml deploys the pipeline with the same parameters, by npm run pipeline:deploy',
    check: function* ({ source }) {
      if (!same(overridesOf(source), fileParameters(source))) yield `they are ${key(overridesOf(source))}`;
      const { stack_name, region } = membersOf(at(source.configuration, 'pipeline/global/parameters'));
      if (stack_name !== 'inventory-allocation-pipeline') yield `the stack is ${key(stack_name)}`;
      const { capabilities, resolve_s3 } = membersOf(at(source.configuration, 'pipeline/deploy/parameters'));
      if (capabilities !== 'CAPABILITY_NAMED_IAM') yield `with ${key(capabilities)} its roles cannot be made`;
      if (resolve_s3 !== true) yield 'environment.yaml cannot be uploaded';
      // One region: a bucket serves functions of its own only.
      for (const name of ['stage', 'prod'])
        if (at(source.configuration, `${name}/global/parameters/region`) !== region) yield `${name} is elsewhere`;
      const script = String(at(JSON.parse(source.files['package.json'] ?? '{}'), 'scripts/pipeline:deploy'));
      const expected =
        'pipeline/scripts/sam.sh deploy --template pipeline/template.yaml --config-file ../samconfig.toml --config-env pipeline';
      if (script !== expected) yield `npm runs ${script}`; // SAM looks for the file beside the template
    },
    defects: {
      'another branch': configure('pipeline/deploy/parameters/parameter_overrides/3', 'BranchName=develop'),
      'one less': configure('pipeline/deploy/parameters/parameter_overrides/2'),
      'the stack of prod': configure('pipeline/global/parameters/stack_name', 'inventory-allocation-prod'),
      'no capability': configure('pipeline/deploy/parameters/capabilities', 'CAPABILITY_IAM'),
      'no bucket': configure('pipeline/deploy/parameters/resolve_s3', false),
      'another region': configure('pipeline/global/parameters/region', 'eu-west-1'),
      "the application's template": rewrite('package.json', '--template pipeline/template.yaml ', ''),
      'another environment': rewrite('package.json', '--config-env pipeline', '--config-env prod'),
    },
  },
  {
    name: "each environment's stack is the one that samconfig.toml deploys",
    check: inEach(function* (rendering, { configuration, environment }) {
      for (const name of ['Stage', 'Prod']) {
        const stack = at(configuration, `${name.toLowerCase()}/global/parameters/stack_name`);
        if (rendering.parameters[`${name}StackName`] !== stack)
          yield `${name} is ${key(rendering.parameters[`${name}StackName`])}`;
        const nested = rendering.resources[`${name}Environment`];
        const isHere = rendering.parameters[`${name}Account`] === '';
        if (isHere !== (nested !== undefined)) yield `${name}: its roles are ${nested ? 'made here' : 'nowhere'}`;
        if (!nested) continue;
        if (property(nested, 'TemplateURL') !== 'environment.yaml')
          yield `${name} is made of ${key(property(nested, 'TemplateURL'))}`;
        const given = membersOf(property(nested, 'Parameters'));
        yield* faultsOf(environment, given);
        if (given.Environment !== name.toLowerCase() || given.StackName !== stack) yield `${name} is ${key(given)}`;
        if (given.ProjectName !== rendering.parameters.ProjectName) yield `${name} is of ${key(given.ProjectName)}`;
      }
    }),
    defects: {
      'stage twice': edit('ProdEnvironment/Properties/Parameters/Environment', 'stage'),
      'the stack of stage': edit('ProdEnvironment/Properties/Parameters/StackName', { Ref: 'StageStackName' }),
      'no roles': edit('ProdEnvironment'),
      'roles here for an account elsewhere': edit('StageEnvironment/Condition'),
      'an unknown parameter': edit('StageEnvironment/Properties/Parameters/Account', '111122223333'),
      'a parameter less': edit('StageEnvironment/Properties/Parameters/PipelineAccount'),
      'another stack': editParameters('5/ParameterValue', 'inventory-prod'),
      'samconfig.toml renames it': configure('prod/global/parameters/stack_name', 'inventory'),
      'another project': edit('StageEnvironment/Properties/Parameters/ProjectName'),
    },
  },
];
