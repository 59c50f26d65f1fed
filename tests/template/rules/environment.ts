import { codeOf } from '../code.ts';
import { key, membersOf, same, within } from '../json.ts';
import { stackIdentity } from '../resolve.ts';
import { edit, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering } from '../stack.ts';
import { versionOf } from '../versions.ts';

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
  const issuer = hasPool
    ? { 'Fn::Sub': `https://cognito-idp.us-east-1.amazonaws.com/\${UserPool}` }
    : parameters.JwtIssuer;
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
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: parameters.JwtAudience,
    SIGN_IN_ISSUER: issuer,
    SIGN_IN_SCOPE_PREFIX: hasPool ? `${parameters.JwtAudience}/` : '',
    SIGN_IN_AUDIENCE: hasPool ? '' : parameters.JwtAudience,
    SIGN_IN_ORIGIN: hasPool ? `https://inventory-${stackIdentity}.auth.us-east-1.amazoncognito.com` : '',
    MAIN_VERSION: version('MainFunction'),
    ALLOCATION_VERSION: version('AllocationFunction'),
    WORKER_VERSION: version('AllocationWorker'),
  };
  return (values as Readonly<Record<string, (typeof values)[keyof typeof values]>>)[name];
}

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
  ...['SIGN_IN_ISSUER', 'SIGN_IN_SCOPE_PREFIX', 'SIGN_IN_AUDIENCE', 'SIGN_IN_ORIGIN'],
  ...['JWT_ISSUER', 'JWT_AUDIENCE', 'MAIN_VERSION', 'ALLOCATION_VERSION', 'WORKER_VERSION'],
];
/** In the bundle, and not asked for: the migrator takes the master's secret, and reading functions have no queue. */
const notRead: Readonly<Record<string, readonly string[]>> = {
  MainFunction: ['QUEUE_URL'],
  MigrateFunction: ['SECRET_ARN'],
};

export const environmentRules: readonly Rule[] = [
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
          // The bundle of a layer names all settings; what opens the database by them is told, and the page, which would
          // show other amounts without a word.
          const reads = variables.includes('REQUIRE_IDEMPOTENCY_KEY') || variables.includes('SIGN_IN_ISSUER');
          const isAsked = isRead && (!settings.includes(name) || name === 'RELEASE_ID' || reads);
          if (isAsked && given[name] === undefined) yield `${id} is not told ${name}`;
        }
      }
    }),
    defects: {
      'the secret is missing': edit('MainFunction/Properties/Environment/Variables/SECRET_ARN'),
      'the page is not told its currency': edit('ConsoleFunction/Properties/Environment/Variables/CURRENCY'),
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
      'planners sign in elsewhere': edit('ConsoleFunction/Properties/Environment/Variables/SIGN_IN_ISSUER', {
        Ref: 'JwtIssuer',
      }),
      'planners ask for scopes that nobody knows': edit(
        'ConsoleFunction/Properties/Environment/Variables/SIGN_IN_SCOPE_PREFIX',
        '',
      ),
      'the page may not fetch its token': edit('ConsoleFunction/Properties/Environment/Variables/SIGN_IN_ORIGIN'),
      'the page shows another currency': edit('ConsoleFunction/Properties/Environment/Variables/CURRENCY', 'EUR'),
      "the audience is the machines' client": edit('AuthorizerFunction/Properties/Environment/Variables/JWT_AUDIENCE', {
        Ref: 'UserPoolClient',
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
];
