import { codeOf } from '../code.ts';
import { at, key, listOf, membersOf, same, within } from '../json.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering } from '../stack.ts';

const functions = (rendering: Rendering) => ofType(rendering, 'AWS::Lambda::Function');
const handlerOf = (each: Parameters<typeof property>[0]) => String(property(each, 'Handler'));

/** Names that Lambda keeps for itself: a function with one is refused. */
const reserved =
  /^(_HANDLER|_X_AMZN_TRACE_ID|TZ|AWS_(REGION|DEFAULT_REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|AWS_LAMBDA_.*|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

const attribute = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] });

/** What each variable must hold, by what the code takes it for. */
function rightValue(name: string, rendering: Rendering) {
  const { parameters } = rendering;
  const version = (id: string) => ({ Ref: versionOf(rendering, id) });
  const hasPool = parameters.JwtIssuer === '';
  const values = {
    RELEASE_ID: parameters.ReleaseId,
    CURRENCY: parameters.Currency,
    CURRENCY_DIGITS: parameters.CurrencyDigits,
    TIME_ZONE: parameters.TimeZone,
    ALLOWED_COSTS: parameters.AllowedCosts,
    REQUIRE_IDEMPOTENCY_KEY: parameters.RequireIdempotencyKey,
    DATABASE_NAME: parameters.DatabaseName,
    CLUSTER_ARN: attribute('DBCluster', 'DBClusterArn'),
    SECRET_ARN: { Ref: 'ApplicationSecret' },
    APPLICATION_SECRET_ARN: { Ref: 'ApplicationSecret' },
    MASTER_SECRET_ARN: attribute('DBCluster', 'MasterUserSecret.SecretArn'),
    QUEUE_URL: { Ref: 'AllocationQueue' },
    AWS_ENDPOINT_URL_RDS_DATA: 'https://rds-data.us-east-1.amazonaws.com', // its own: `sam local` sets only what is declared
    JWT_ISSUER: hasPool
      ? { 'Fn::Sub': `https://cognito-idp.us-east-1.amazonaws.com/\${UserPool}` }
      : parameters.JwtIssuer,
    JWT_AUDIENCE: hasPool ? { Ref: 'UserPoolClient' } : parameters.JwtAudience,
    MAIN_VERSION: version('MainFunction'),
    ALLOCATION_VERSION: version('AllocationFunction'),
    WORKER_VERSION: version('AllocationWorker'),
  };
  return (values as Readonly<Record<string, (typeof values)[keyof typeof values]>>)[name];
}

export const versionOf = (rendering: Rendering, id: string): string =>
  ofType(rendering, 'AWS::Lambda::Version').find(([, each]) =>
    same(property(each, 'FunctionName'), { Ref: id }),
  )?.[0] ?? '';

/** Set where Lambda runs or for a laptop, never by the template. */
const setElsewhere = /^(AWS_(?!ENDPOINT_URL_RDS)|DATABASE_URL$|POWERTOOLS_|NODE_|PRISMA_|LOG_LEVEL)/;
const settings = ['RELEASE_ID', 'CURRENCY', 'CURRENCY_DIGITS', 'TIME_ZONE', 'ALLOWED_COSTS', 'REQUIRE_IDEMPOTENCY_KEY'];
const everyVariable = [
  ...settings,
  ...[
    'AWS_ENDPOINT_URL_RDS_DATA',
    'CLUSTER_ARN',
    'SECRET_ARN',
    'DATABASE_NAME',
    'QUEUE_URL',
    'APPLICATION_SECRET_ARN',
    'MASTER_SECRET_ARN',
  ],
  ...['JWT_ISSUER', 'JWT_AUDIENCE', 'MAIN_VERSION', 'ALLOCATION_VERSION', 'WORKER_VERSION'],
];
/** In the bundle, and not asked for: the migrator takes the master's secret, and reading functions have no queue. */
const notRead: Readonly<Record<string, readonly string[]>> = {
  MainFunction: ['QUEUE_URL'],
  MigrateFunction: ['SECRET_ARN'],
};

export const functionRules: readonly Rule[] = [
  {
    name: 'the seven functions are there but for the page of the planner, each with code of ours',
    check: inEach(function* (rendering) {
      const expected = [
        'AllocationFunction',
        'AllocationWorker',
        'AuthorizerFunction',
        'MainFunction',
        'MigrateFunction',
        'PreTrafficHook',
      ];
      const found = functions(rendering).map(([id]) => id);
      for (const id of expected) if (!found.includes(id)) yield `${id} is missing`;
      for (const [id, each] of functions(rendering)) {
        if (property(each, 'Code/ZipFile') !== undefined) yield `${id} is written in the template`;
        if (!codeOf(handlerOf(each)).exists) yield `${id} has no code at ${handlerOf(each)}`;
      }
    }),
    defects: {
      'a handler is mistyped': edit('AllocationFunction/Properties/Handler', 'allocations/handler.handler'),
      'a handler is no export': edit('MainFunction/Properties/Handler', 'main/health.handler'),
      'code in the template': edits(edit('AuthorizerFunction/Properties/InlineCode', 'exports.handler = 1')),
    },
  },
  {
    name: 'every function runs on Node 24, on the processor of the parameter',
    check: inEach(function* (rendering) {
      for (const [id, each] of functions(rendering)) {
        if (property(each, 'Runtime') !== 'nodejs24.x') yield `${id} runs on ${key(property(each, 'Runtime'))}`;
        if (!same(property(each, 'Architectures'), [rendering.parameters.Architecture ?? '']))
          yield `${id} is built for another`;
        if (Number(property(each, 'MemorySize') ?? 128) < 512) yield `${id} has a slice of a processor`;
      }
    }),
    defects: {
      'an old runtime': edit('/Globals/Function/Runtime', 'nodejs20.x'),
      'one on Python': edit('MainFunction/Properties/Runtime', 'python3.9'),
      'another processor': edit('AllocationFunction/Properties/Architectures', ['x86_64']),
      'little memory': edit('/Globals/Function/MemorySize', 128),
    },
  },
  {
    name: 'functions end before those who wait for them give up',
    check: inEach(function* (rendering) {
      const longest: Readonly<Record<string, readonly [number, number]>> = {
        MainFunction: [25, 25], // functions/http/incoming.ts counts on it
        AllocationFunction: [25, 25],
        AuthorizerFunction: [5, 28],
        AllocationWorker: [300, 900],
        MigrateFunction: [300, 885],
        PreTrafficHook: [75, 900], // a minute for a sleeping cluster, and time to report
      };
      for (const [id, each] of functions(rendering)) {
        const [least, most] = longest[id] ?? [1, 28];
        const seconds = Number(property(each, 'Timeout') ?? 3);
        if (seconds < least || seconds > most) yield `${id} ends after ${seconds} s`;
      }
    }),
    defects: {
      'longer than the gateway': edit('/Globals/Function/Timeout', 60),
      'the default of 3 s': edit('/Globals/Function/Timeout'),
      'the hook has no time for a sleeping cluster': edit('PreTrafficHook/Properties/Timeout', 30),
      'the migrator outlives its caller': edit('MigrateFunction/Properties/Timeout', 900),
    },
  },
  {
    name: 'every function carries the layers that its code imports',
    check: inEach(function* (rendering) {
      for (const [id, each] of functions(rendering)) {
        const carried = listOf(property(each, 'Layers')).map((layer) =>
          /(Models|Schemas|Database)Layer/.exec(key(layer))?.[1]?.toLowerCase(),
        );
        const needed = codeOf(handlerOf(each)).layers;
        if (key(carried.map(String).sort()) !== key([...needed].sort()))
          yield `${id} carries ${carried.join()}, needs ${needed.join()}`;
      }
    }),
    defects: {
      none: edit('MainFunction/Properties/Layers'),
      'one is missing': edit('AllocationFunction/Properties/Layers/1'),
      'one too many': edit('MigrateFunction/Properties/Layers/-', { Ref: 'SchemasLayer' }),
    },
  },
  {
    name: 'every function is told what its code reads, by the right value, and nothing else',
    check: inEach(function* (rendering) {
      for (const [id, each] of functions(rendering)) {
        const given = membersOf(property(each, 'Environment/Variables'));
        const { variables } = codeOf(handlerOf(each));
        for (const [name, value] of Object.entries(given)) {
          if (!variables.includes(name)) yield `${id} is told ${name}, which it never reads`;
          if (!same(value, rightValue(name, rendering))) yield `${id} is told the wrong ${name}: ${key(value)}`;
        }
        for (const name of everyVariable) {
          const isRead = variables.includes(name) && !setElsewhere.test(name) && !notRead[id]?.includes(name);
          // The bundle of a layer names all settings; only what opens the database by them is told.
          const isAsked =
            isRead &&
            (!settings.includes(name) || name === 'RELEASE_ID' || variables.includes('REQUIRE_IDEMPOTENCY_KEY'));
          if (isAsked && given[name] === undefined) yield `${id} is not told ${name}`;
        }
      }
    }),
    defects: {
      'the secret is missing': edit('MainFunction/Properties/Environment/Variables/SECRET_ARN'),
      'the queue is missing': edit('AllocationFunction/Properties/Environment/Variables/QUEUE_URL'),
      "the master's login": edit('MainFunction/Properties/Environment/Variables/SECRET_ARN', {
        'Fn::GetAtt': ['DBCluster', 'MasterUserSecret.SecretArn'],
      }),
      'a variable that nobody reads': edit('MainFunction/Properties/Environment/Variables/DB_HOST', 'localhost'),
      'the hook tests the alias': edit('PreTrafficHook/Properties/Environment/Variables/MAIN_VERSION', {
        Ref: 'MainFunction.Alias',
      }),
      'the hook tests one function twice': edit('PreTrafficHook/Properties/Environment/Variables/ALLOCATION_VERSION', {
        Ref: 'MainFunction.Version',
      }),
      'the authorizer trusts another': edit(
        'AuthorizerFunction/Properties/Environment/Variables/JWT_ISSUER',
        'https://example.com',
      ),
    },
  },
  {
    name: "no variable is a secret or Lambda's own",
    check: inEach(function* (rendering) {
      for (const [id, each] of functions(rendering)) {
        for (const [name, value] of Object.entries(membersOf(property(each, 'Environment/Variables')))) {
          if (reserved.test(name)) yield `${id}: ${name} is reserved`;
          if (/PASSWORD|PASSWD|PRIVATE|CREDENTIAL|API_?KEY|TOKEN|SECRET(?!_ARN)/.test(name))
            yield `${id}: ${name} is a secret`;
          if (key(value).includes('{{resolve:')) yield `${id}: ${name} is read into plain text`;
        }
      }
    }),
    defects: {
      'a password': edit('MainFunction/Properties/Environment/Variables/DB_PASSWORD', 'hunter2'),
      'a secret resolved': edit(
        'MainFunction/Properties/Environment/Variables/CURRENCY',
        '{{resolve:secretsmanager:login:SecretString:password}}',
      ),
      'a reserved name': edit('MainFunction/Properties/Environment/Variables/AWS_REGION', 'eu-west-1'),
    },
  },
  {
    name: 'nothing of the template reads a secret into plain text',
    check: ({ source: { template } }) =>
      [...within(template)]
        .filter((each) => typeof each === 'string' && each.includes('{{resolve:'))
        .map((each) => `${key(each)} shows in the stack`),
    seenIn: 'source',
    defects: {
      'into an output': edit('/Outputs/Password', {
        Description: 'The password',
        Value: '{{resolve:secretsmanager:login}}',
      }),
    },
  },
  {
    name: 'every function writes JSON into a group of its own',
    check: inEach(function* (rendering) {
      const taken = new Set<string>();
      for (const [id, each] of functions(rendering)) {
        const group = String(at(property(each, 'LoggingConfig/LogGroup'), 'Ref'));
        if (rendering.resources[group]?.Type !== 'AWS::Logs::LogGroup')
          yield `${id} makes a group that is kept for ever`;
        if (taken.has(group)) yield `${id} writes into ${group} with another`;
        taken.add(group);
        if (property(each, 'LoggingConfig/LogFormat') !== 'JSON') yield `${id} writes text`;
        if (property(each, 'LoggingConfig/ApplicationLogLevel') !== rendering.parameters.LogLevel)
          yield `${id} has a level of its own`;
      }
    }),
    defects: {
      'none of its own': edit('AllocationWorker/Properties/LoggingConfig'),
      'the group of another': edit('AllocationFunction/Properties/LoggingConfig/LogGroup', { Ref: 'MainLogs' }),
      text: edit('MainFunction/Properties/LoggingConfig/LogFormat', 'Text'),
      'a group that is not there': edit('MainFunction/Properties/LoggingConfig/LogGroup', '/aws/lambda/main'),
    },
  },
  {
    name: 'every group of logs forgets after the days of the parameter, and cannot be deleted in production',
    check: inEach(function* (rendering) {
      const { LogRetentionDays, Environment } = rendering.parameters;
      for (const [id, each] of ofType(rendering, 'AWS::Logs::LogGroup')) {
        if (Number(property(each, 'RetentionInDays') ?? 0) !== Number(LogRetentionDays))
          yield `${id} forgets never or otherwise`;
        if (property(each, 'DeletionProtectionEnabled') !== (Environment === 'prod'))
          yield `${id} can be deleted, or cannot`;
      }
    }),
    seenIn: 'prod',
    defects: {
      'one never forgets': edit('PreTrafficLogs/Properties/RetentionInDays'),
      'one forgets otherwise': edit('AccessLogs/Properties/RetentionInDays', 1),
      'one can be deleted': edit('MainLogs/Properties/DeletionProtectionEnabled'),
    },
  },
  {
    name: 'every request is traced through the API and its functions',
    check: inEach(function* (rendering) {
      for (const [id, each] of functions(rendering))
        if (property(each, 'TracingConfig/Mode') !== 'Active') yield `${id} is not traced`;
      for (const [id, each] of ofType(rendering, 'AWS::ApiGateway::Stage'))
        if (property(each, 'TracingEnabled') !== true) yield `${id} is not traced`;
    }),
    defects: {
      'no function': edit('/Globals/Function/Tracing'),
      'one passes it through': edit('MainFunction/Properties/Tracing', 'PassThrough'),
      'the API': edit('Api/Properties/TracingEnabled', false),
    },
  },
  {
    name: 'functions are called by the API, its queue and its schedule alone',
    check: inEach(function* (rendering) {
      for (const type of ['AWS::Lambda::Url', 'AWS::Lambda::EventInvokeConfig'])
        for (const [id] of ofType(rendering, type)) yield `${id} opens a function`;
      for (const [id, each] of ofType(rendering, 'AWS::Lambda::Permission')) {
        if (property(each, 'Principal') !== 'apigateway.amazonaws.com')
          yield `${id} is for ${key(property(each, 'Principal'))}`;
        if (!key(property(each, 'SourceArn')).includes('{Api}')) yield `${id} is for any API`;
        if (!/Aliaslive|\$\{AuthorizerFunction\.Arn\}:live/.test(key(property(each, 'FunctionName'))))
          yield `${id} is past the alias`;
        if (property(each, 'Action') !== 'lambda:InvokeFunction') yield `${id} allows more than calls`;
      }
    }),
    defects: {
      'an address of its own': edit('MainFunction/Properties/FunctionUrlConfig', { AuthType: 'NONE' }),
      anybody: edit('Anybody', {
        Type: 'AWS::Lambda::Permission',
        Properties: { Action: 'lambda:InvokeFunction', FunctionName: { Ref: 'MainFunction' }, Principal: '*' },
      }),
      'any API': edit('AnyApi', {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: { Ref: 'MainFunction.Alias' },
          Principal: 'apigateway.amazonaws.com',
        },
      }),
    },
  },
  {
    name: 'no function can take all of the concurrency in production, and none has nothing',
    check: inEach(function* (rendering) {
      const kept = Number(rendering.parameters.ReservedConcurrency);
      for (const [id, each] of functions(rendering)) {
        const found = property(each, 'ReservedConcurrentExecutions');
        const isOfApi = id === 'MainFunction' || id === 'AllocationFunction';
        if (found !== undefined && Number(found) < 1) yield `${id} is shut`;
        if (isOfApi && kept > 0 && Number(found ?? 0) !== kept) yield `${id} keeps ${key(found)}`;
        if (isOfApi && kept === 0 && rendering.parameters.Environment === 'prod') yield `${id} may take all`;
        if (property(each, 'ProvisionedConcurrencyConfig') !== undefined) yield `${id} costs by the hour`;
      }
      for (const [id, each] of ofType(rendering, 'AWS::Lambda::Alias'))
        if (property(each, 'ProvisionedConcurrencyConfig') !== undefined) yield `${id} costs by the hour`;
    }),
    defects: {
      'no limit': edit('AllocationFunction/Properties/ReservedConcurrentExecutions'),
      shut: edit('AllocationWorker/Properties/ReservedConcurrentExecutions', 0),
      'paid by the hour': edit('MainFunction/Properties/ProvisionedConcurrencyConfig', {
        ProvisionedConcurrentExecutions: 1,
      }),
    },
  },
  {
    name: 'every function is bundled the same way, its layers left out',
    check: ({ source: { template } }) =>
      Object.entries(membersOf(template.Resources))
        .filter(([, each]) => at(each, 'Type') === 'AWS::Serverless::Function')
        .flatMap(([id, each]) => {
          const { External, Minify, Format, Target, Sourcemap, MainFields } = membersOf(
            at(each, 'Metadata/BuildProperties'),
          );
          const holds =
            at(each, 'Metadata/BuildMethod') === 'esbuild' &&
            same(External, ['@inventory/*']) &&
            same([Minify, Format, Target, Sourcemap, MainFields].map(String), [
              'true',
              'esm',
              'node24',
              'false',
              'module,main',
            ]);
          return holds ? [] : [`${id} is bundled otherwise`];
        }),
    seenIn: 'source',
    defects: {
      'a layer inside': edit('MainFunction/Metadata/BuildProperties/External', []),
      'not at all': edit('AllocationFunction/Metadata'),
      'for another Node': edit('MigrateFunction/Metadata/BuildProperties/Target', 'node18'),
    },
  },
];
