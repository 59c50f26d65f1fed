import { at, type Json, listOf, within } from '../../template/json.ts';
import { buildspecOfProject, ownVariablesOf, projectsOf } from '../projects.ts';
import { configure, edit, editParameters, inEach, type Rule, rewrite } from '../rule.ts';
import { actionsOf, variablesOf } from '../stages.ts';

/** What is a secret by its looks: keys of AWS, GitHub, Slack, npm; private keys; logins in a URL. */
const looks =
  /(AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|npm_[A-Za-z0-9]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY|:\/\/[^/\s:@$]+:[^/\s:@$]+@|{{resolve:/;
const names = /TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|PRIVATE_?KEY|API_?KEY|ACCESS_?KEY/i;

const texts = (value: Json) => [...within(value)].filter((each) => typeof each === 'string');

export const secretRules: readonly Rule[] = [
  {
    name: 'no variable of a project is a secret',
    check: inEach(function* (rendering, source) {
      for (const [id, project] of projectsOf(rendering))
        for (const { name, type } of ownVariablesOf(project)) {
          if (names.test(name) && type === 'PLAINTEXT') yield `${id}: everybody who may look reads ${name}`;
          if (type === 'PLAINTEXT') continue;
          yield `${id}: ${name} needs a right of its role that no rule knows`;
        }
      for (const [id, project] of projectsOf(rendering))
        for (const name of listOf(at(buildspecOfProject(source, project), 'env/exported-variables')))
          if (names.test(String(name))) yield `${id}: the pipeline shows ${name}`;
      for (const action of actionsOf(rendering))
        for (const { name } of variablesOf(action))
          if (names.test(name)) yield `${action.name}: everybody reads ${name}`;
    }),
    defects: {
      'a token': edit('BuildProject/Properties/Environment/EnvironmentVariables/-', {
        Name: 'NPM_TOKEN',
        Value: 'abc',
      }),
      'a token that is exported': rewrite(
        'pipeline/buildspecs/build.yml',
        '    - BUNDLE_SHA256\n',
        '    - BUNDLE_SHA256\n    - CODEARTIFACT_AUTH_TOKEN\n',
      ),
      'a password of an action': edit(
        'Pipeline/Properties/Stages/@Test/Actions/@UnitTestAction/Configuration/EnvironmentVariables',
        '[{"name":"DB_PASSWORD","value":"postgres"}]',
      ),
    },
  },
  {
    name: 'no file of the pipeline holds a secret',
    check: function* ({ source }) {
      const { template, environment, parameters, configuration, files } = source;
      const all = [...texts(template), ...texts(environment), ...texts(parameters), ...texts(configuration)];
      for (const each of all) if (looks.test(String(each))) yield 'a template or a parameter does';
      for (const [file, text] of Object.entries(files)) if (looks.test(text)) yield `${file} does`;
      for (const [file, text] of Object.entries(files).filter(([name]) => name.includes('/buildspecs/')))
        for (const line of text.split('\n'))
          if (/^\s*([A-Z_]+):\s*\S/.test(line) && names.test(line.split(':')[0] ?? '')) yield `${file}: ${line.trim()}`;
    },
    defects: {
      'a key in a template': edit('BuildProject/Properties/Description', `key AKIA${'IOSFODNN7EXAMPLE'}`),
      'a token in the source action': edit(
        'Pipeline/Properties/Stages/@Source/Actions/0/Fn::If/1/Configuration/OAuthToken',
        '{{resolve:secretsmanager:github:SecretString:token}}',
      ),
      'a token in parameters.json': editParameters('2/ParameterValue', `ghp_${'a'.repeat(36)}`),
      'a token in samconfig.toml': configure('pipeline/deploy/parameters/tags', `Token=ghp_${'a'.repeat(36)}`),
      'a login in a buildspec': rewrite(
        'pipeline/buildspecs/build.yml',
        'npm ci',
        'git clone https://me:word@host/x && npm ci',
      ),
      'a password in a buildspec': rewrite(
        'pipeline/buildspecs/test.yml',
        '  variables:\n',
        '  variables:\n    DB_PASSWORD: word\n',
      ),
    },
  },
];
