import { contractList } from '@inventory/schemas';
import { functionNames } from '../../../events/api-events.ts';
import { routesOf } from '../../../functions/local/route.ts';
import { at, key, membersOf, same } from '../json.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering } from '../stack.ts';

const contracts = [
  ...routesOf(contractList).map(({ resource, function: name, open }) => ({
    path: resource,
    function: functionNames[name],
    open,
  })),
  { path: '/{proxy+}', function: 'MainFunction', open: false },
];

const body = (rendering: Rendering) => property(rendering.resources.Api, 'Body');
const anyMethod = 'x-amazon-apigateway-any-method';
const route = (name: string) => `MainFunction/Properties/Events/${name}/Properties`;

function authorizer(rendering: Rendering) {
  const schemes = membersOf(at(body(rendering), 'components/securitySchemes'));
  return membersOf(at(schemes.Token, 'x-amazon-apigateway-authorizer'));
}

export const routeRules: readonly Rule[] = [
  {
    name: 'the API has the routes of the contracts and a catch-all, each at the alias of its function',
    check: inEach(function* (rendering) {
      const paths = membersOf(at(body(rendering), 'paths'));
      for (const { path } of contracts) if (!paths[path]) yield `${path} is missing`;
      for (const [path, methods] of Object.entries(paths)) {
        const contract = contracts.find((each) => each.path === path);
        if (!contract) yield `${path} is in no contract`;
        if (!same(Object.keys(membersOf(methods)), [anyMethod])) yield `${path} takes some methods only`;
        const integration = membersOf(at(methods, `${anyMethod}/x-amazon-apigateway-integration`));
        const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\${${contract?.function}Aliaslive}/invocations`;
        if (!same(integration.uri, { 'Fn::Sub': uri })) yield `${path} leads to ${key(integration.uri)}`;
        if (integration.type !== 'aws_proxy' || integration.httpMethod !== 'POST') yield `${path} is no proxy`;
      }
    }),
    defects: {
      'a route is missing': edit('MainFunction/Properties/Events/Movements'),
      'the catch-all is missing': edit('MainFunction/Properties/Events/Anything'),
      'a path is mistyped': edit(`${route('Order')}/Path`, '/orders/{id}'),
      'one method only': edit(`${route('Orders')}/Method`, 'get'),
      'an old path': edit(`${route('Runs')}/Path`, '/runs'),
      'the wrong function': edits(
        edit('AllocationFunction/Properties/Events/Compare'),
        edit('MainFunction/Properties/Events/Compare', {
          Type: 'Api',
          Properties: { RestApiId: { Ref: 'Api' }, Method: 'ANY', Path: '/allocate/compare' },
        }),
      ),
      'past the alias': edits(
        edit('AuthorizerFunction/Properties/Events', {
          Extra: { Type: 'Api', Properties: { RestApiId: { Ref: 'Api' }, Method: 'ANY', Path: '/extra' } },
        }),
      ),
    },
  },
  {
    name: 'every route asks for a token but those that the contracts leave open',
    check: inEach(function* (rendering) {
      const paths = membersOf(at(body(rendering), 'paths'));
      for (const [path, methods] of Object.entries(paths)) {
        const open = contracts.find((each) => each.path === path)?.open ?? false;
        for (const [name, method] of Object.entries(membersOf(methods))) {
          const security = at(method, 'security');
          const asks = same(security, [{ Token: [] }]);
          // SAM writes an open route as one that asks for nothing.
          if (open === asks) yield `${name} ${path} is ${asks ? 'shut' : 'open'}`;
        }
      }
      for (const [id, each] of ofType(rendering, 'AWS::ApiGateway::Method'))
        yield `${id} is past the routes: ${key(property(each, 'HttpMethod'))}`;
    }),
    defects: {
      'one is open': edit(`${route('Orders')}/Auth`, { Authorizer: 'NONE' }),
      'the catch-all is open': edit(`${route('Anything')}/Auth`, { Authorizer: 'NONE' }),
      'allocations are open': edit('AllocationFunction/Properties/Events/Allocate/Properties/Auth', {
        Authorizer: 'NONE',
      }),
      'all are open': edits(
        edit('Api/Properties/Auth/DefaultAuthorizer'),
        edit('ConsoleFunction/Properties/Events/Console/Properties/Auth'),
        ...['Health', 'OpenApi', 'Docs'].map((name) => edit(`${route(name)}/Auth`)),
      ),
      'the page is shut': edit('ConsoleFunction/Properties/Events/Console/Properties/Auth'),
      'the probe is shut': edit(`${route('Health')}/Auth`),
      'by IAM': edit(`${route('Inventories')}/Auth`, { Authorizer: 'AWS_IAM' }),
    },
  },
  {
    name: 'the authorizer sees only what looks like a bearer token, and is asked again within minutes',
    check: inEach(function* (rendering) {
      const { type, authorizerUri, authorizerResultTtlInSeconds, identityValidationExpression } = authorizer(rendering);
      const scheme = membersOf(at(body(rendering), 'components/securitySchemes/Token'));
      if (type !== 'token' || scheme.in !== 'header' || scheme.name !== 'Authorization')
        yield 'it reads no Authorization header';
      const function_ = `\${AuthorizerFunction.Arn}:live`;
      const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${function_}/invocations`;
      if (!same(authorizerUri, { 'Fn::Sub': uri })) yield `it is ${key(authorizerUri)}`;
      const permission = ofType(rendering, 'AWS::Lambda::Permission').find(([, each]) =>
        key(property(each, 'SourceArn')).includes('/authorizers/*'),
      );
      if (!same(property(permission?.[1], 'FunctionName'), { 'Fn::Sub': function_ })) yield 'it may not be asked';
      // Resolved, the alias is a text; what waits for it is seen before.
      const written = key(at(rendering.transformed, `Resources/${permission?.[0]}`));
      if (!written.includes('"Ref":"AuthorizerFunctionAliaslive"')) yield 'its permission may come before its alias';
      const ttl = Number(authorizerResultTtlInSeconds ?? 300);
      if (!(ttl >= 10 && ttl <= 60)) yield `a token outlives its end by ${ttl} s`;
      const pattern = new RegExp(`^(?:${identityValidationExpression})$`);
      const refused = ['', 'Bearer', 'Bearer ', 'Basic abc', 'abc', 'Bearer a b'].filter((text) => pattern.test(text));
      if (identityValidationExpression === undefined || refused.length > 0)
        yield `it is asked about "${refused[0] ?? 'everything'}"`;
      if (!['Bearer abc.def', 'bearer abc'].every((text) => pattern.test(text))) yield 'it never sees a token';
    }),
    defects: {
      'any header': edit('Api/Properties/Auth/Authorizers/Token/Identity/ValidationExpression', '.*'),
      'no expression': edit('Api/Properties/Auth/Authorizers/Token/Identity/ValidationExpression'),
      'for an hour': edit('Api/Properties/Auth/Authorizers/Token/Identity/ReauthorizeEvery', 3600),
      'for five minutes, unless said': edit('Api/Properties/Auth/Authorizers/Token/Identity/ReauthorizeEvery'),
      'at every call': edit('Api/Properties/Auth/Authorizers/Token/Identity/ReauthorizeEvery', 0),
      'before the alias': edit('Api/Properties/Auth/Authorizers/Token/FunctionArn/Fn::Sub/1/Alias', 'live'),
      'before its own alias': edit('Api/Properties/Auth/Authorizers/Token/FunctionArn/Fn::Sub/1/Alias/Fn::Select/1/1', {
        Ref: 'MainFunction.Alias',
      }),
      'the ARN of the alias twice': edit(
        'Api/Properties/Auth/Authorizers/Token/FunctionArn/Fn::Sub/1/Alias/Fn::Select/0',
        1,
      ),
      'another header': edit('Api/Properties/Auth/Authorizers/Token/Identity/Header', 'X-Token'),
      'another function': edit('Api/Properties/Auth/Authorizers/Token/FunctionArn', {
        'Fn::GetAtt': ['MainFunction', 'Arn'],
      }),
      'past its alias': edit('Api/Properties/Auth/Authorizers/Token/FunctionArn', {
        'Fn::GetAtt': ['AuthorizerFunction', 'Arn'],
      }),
    },
  },
  {
    name: "every route may call its function's alias, and no more than its path",
    check: inEach(function* (rendering) {
      const permissions = ofType(rendering, 'AWS::Lambda::Permission').map(
        ([, each]) => key(property(each, 'SourceArn')) + key(property(each, 'FunctionName')),
      );
      for (const { path, function: name } of contracts) {
        const source = `/*${path.replace(/\{[^}]*\}/g, '*')}"`;
        if (!permissions.some((each) => each.includes(source) && each.includes(`"${name}Aliaslive"`)))
          yield `${path} may not call ${name}`;
      }
      if (!permissions.some((each) => each.includes('/authorizers/*') && each.includes('AuthorizerFunction')))
        yield 'nobody may ask the authorizer';
    }),
    defects: {
      'a route goes': edit('MainFunction/Properties/Events/Docs'),
    },
  },
];
