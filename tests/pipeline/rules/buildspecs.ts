import { at, key, listOf, membersOf } from '../../template/json.ts';
import { commandsOf } from '../projects.ts';
import { type Rule, rewrite } from '../rule.ts';
import { buildspecOf } from '../template.ts';

const path = (name: string) => `pipeline/buildspecs/${name}.yml`;
const names = ['check', 'build', 'test', 'deploy', 'changes'];

/** What each does, in this order. */
const steps: Readonly<Record<string, readonly RegExp[]>> = {
  check: [/^(?:\w+=\$\()?pipeline\/scripts\/stack-state\.sh "\$ENVIRONMENT"/m],
  build: [
    /^aws codeartifact login --tool npm /m,
    /^npm ci --ignore-scripts$/m,
    /^npm run test:unit$/m,
    /^pipeline\/scripts\/sam\.sh build$/m,
    /^pipeline\/scripts\/sam\.sh package /m,
    /^npm run (--silent )?sbom/m,
    /^(?:\w+=\$\()?pipeline\/scripts\/bundle\.sh pack /m,
    /^(?:\w+=\$\()?pipeline\/scripts\/bundle\.sh put /m,
  ],
  test: [
    /^aws codeartifact login --tool npm /m,
    /^npm ci --ignore-scripts$/m,
    /^(?:\w+=\$\()?pipeline\/scripts\/bundle\.sh get "\$BUNDLE_SHA256"/m,
    /^(?:\w+=\$\()?pipeline\/scripts\/bundle\.sh unpack .*"\$BUNDLE_SHA256"/m,
    /^(?:SAM_BUILD=\S+ )?npm run test:integration$/m,
  ],
  deploy: [
    /^(?:\w+=\$\()?pipeline\/scripts\/bundle\.sh get "\$BUNDLE_SHA256"/m,
    /^(?:\w+=\$\()?pipeline\/scripts\/stack-state\.sh "\$ENVIRONMENT"/m,
    /^(?:\w+=\$\()?pipeline\/scripts\/deploy\.sh "\$ENVIRONMENT" .*--checksum "\$BUNDLE_SHA256"/m,
    /^(?:\w+=\$\()?pipeline\/scripts\/smoke\.sh "\$ENVIRONMENT"/m,
  ],
  changes: [
    /^(?:\w+=\$\()?pipeline\/scripts\/changes\.sh commits/m,
    /^(?:\w+=\$\()?pipeline\/scripts\/changes\.sh migrations/m,
  ],
};

/** What goes past CloudFormation, hides a failure, or takes packages that are not locked. */
const forbidden: readonly RegExp[] = [
  /update-function-(code|configuration)|publish-version|update-alias/,
  /\|\| *(true|:|exit 0)|set \+e/,
  /npm (install|i|update)\b|npm ci(?! --ignore-scripts)|pip install|curl .*\| *(ba)?sh/,
  /\bset -x|\bprintenv\b|^env$/m,
  /export \w+=\$\(/, // a success, whatever the command says
];

export const buildspecRules: readonly Rule[] = [
  {
    name: 'the buildspecs take their steps in order, and no way round',
    check: function* ({ source }) {
      for (const name of names) {
        const commands = commandsOf(buildspecOf(source, path(name)) ?? {});
        const found = (steps[name] ?? []).map((step) => commands.search(step));
        for (const [index, step] of (steps[name] ?? []).entries()) {
          if (found[index] === -1) yield `${name} does not ${step}`;
          if (found[index]! < Math.max(0, ...found.slice(0, index))) yield `${name} does ${step} too early`;
        }
        for (const each of forbidden) if (each.test(commands)) yield `${name} does ${commands.match(each)?.[0]}`;
      }
    },
    defects: {
      'functions are updated by hand': rewrite(
        path('deploy'),
        'pipeline/scripts/smoke.sh',
        'aws lambda update-function-code #',
      ),
      'no smoke test': rewrite(path('deploy'), 'pipeline/scripts/smoke.sh "$ENVIRONMENT"', 'echo done'),
      'a smoke test that is only named': rewrite(
        path('deploy'),
        '- pipeline/scripts/smoke.sh',
        '- echo pipeline/scripts/smoke.sh',
      ),
      'no tests': rewrite(path('build'), '- npm run test:unit\n', '- echo fine\n'),
      'failing tests pass': rewrite(path('build'), 'npm run test:unit', 'npm run test:unit || true'),
      'packages that are not locked': rewrite(path('build'), 'npm ci --ignore-scripts', 'npm install'),
      'scripts of packages': rewrite(path('test'), 'npm ci --ignore-scripts', 'npm ci'),
      'past CodeArtifact': rewrite(path('build'), 'aws codeartifact login --tool npm', 'echo'),
      'a state that hides its failure': rewrite(path('check'), '- STACK_STATE=$(', '- export STACK_STATE=$('),
      'another bundle': rewrite(path('deploy'), '--checksum "$BUNDLE_SHA256"', '--checksum "$LATEST"'),
      'secrets are printed': rewrite(path('build'), '- npm run test:unit', '- printenv\n      - npm run test:unit'),
      'built before it is tested': rewrite(
        path('build'),
        '      - echo "Running unit tests..."',
        '      - pipeline/scripts/sam.sh build\n      - echo "Running unit tests..."',
      ),
    },
  },
  {
    name: 'a buildspec hands on what it has made, not what it was made of',
    check: function* ({ source }) {
      const folders = { build: 'release', deploy: 'deployed', check: undefined, test: undefined, changes: undefined };
      for (const [name, folder] of Object.entries(folders)) {
        const found = at(buildspecOf(source, path(name)), 'artifacts/base-directory');
        if (found !== folder) yield `${name} hands on ${key(found)}`;
      }
    },
    defects: {
      'the whole source': rewrite(path('build'), 'base-directory: release', 'base-directory: .'),
      'not said': rewrite(path('deploy'), '  base-directory: deployed\n', ''),
    },
  },
  {
    name: 'the buildspecs run on the Node.js of the functions',
    check: function* ({ source }) {
      const runtime = String(at(source.application, 'Globals/Function/Runtime'));
      for (const name of ['build', 'test', 'deploy']) {
        const versions = membersOf(at(buildspecOf(source, path(name)), 'phases/install/runtime-versions'));
        if (`nodejs${versions.nodejs}.x` !== runtime) yield `${name} runs on ${key(versions)}, not on ${runtime}`;
        if (Object.keys(versions).length > 1) yield `${name} takes more than it needs`;
      }
    },
    defects: {
      'an old one': rewrite(path('build'), 'nodejs: 24', 'nodejs: 20'),
      'not said': rewrite(path('test'), '    runtime-versions:\n      nodejs: 24\n', ''),
      'Python as well': rewrite(path('deploy'), 'nodejs: 24', 'nodejs: 24\n      python: 3.8'),
    },
  },
  {
    name: 'the unit tests say what the design lets them say, and the reports are where npm writes them',
    check: function* ({ source }) {
      const scripts = membersOf(JSON.parse(source.files['package.json'] ?? '{}').scripts);
      const build = buildspecOf(source, path('build')) ?? {};
      for (const message of ['echo "Running unit tests..."', 'echo "Unit tests completed."'])
        if (!listOf(at(build, 'phases/pre_build/commands')).includes(message)) yield `the build does not ${message}`;
      for (const [name, script] of [
        ['build', 'test:unit'],
        ['test', 'test:integration'],
      ] as const)
        for (const [report, each] of Object.entries(membersOf(buildspecOf(source, path(name))?.reports))) {
          if (at(each, 'file-format') !== 'JUNITXML') continue; // coverage is written where vitest.config.ts says
          const file = `${at(each, 'base-directory')}/${listOf(at(each, 'files'))[0]}`;
          if (!String(scripts[script]).includes(`--outputFile.junit=${file}`))
            yield `${report}: nothing writes ${file}`;
        }
    },
    defects: {
      'nothing is said': rewrite(path('build'), '      - echo "Unit tests completed."\n', ''),
      'another folder': rewrite(path('build'), 'base-directory: reports/junit', 'base-directory: report'),
      'another file': rewrite(path('test'), '- integration.xml', '- tests.xml'),
    },
  },
];
