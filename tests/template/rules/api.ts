import { contractList } from '@inventory/schemas';
import { functionNames } from '../../../events/api-events.ts';
import { routesOf } from '../../../functions/local/route.ts';
import { at, type Json, key, listOf, membersOf, same, textsOf, within } from '../json.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering, referencesOf } from '../stack.ts';

const contracts = [
  ...routesOf(contractList).map(({ resource, function: name, open }) => ({
    path: resource,
    function: functionNames[name],
    open,
  })),
  { path: '/{proxy+}', function: 'MainFunction', open: false },
];

const body = (rendering: Rendering) => property(rendering.resources.Api, 'Body');
const stages = (rendering: Rendering) => ofType(rendering, 'AWS::ApiGateway::Stage').map(([, each]) => each);
const route = (name: string) => `MainFunction/Properties/Events/${name}/Properties`;
const settingsOf = (stage: Json | undefined) => listOf(at(stage, 'Properties/MethodSettings')).map(membersOf);

/** Of those that a REST API logs, what says nothing of a person (API Gateway: "Variables for access logging"). */
const contextVariables = [
  ...['requestId', 'extendedRequestId', 'xrayTraceId', 'requestTime', 'requestTimeEpoch', 'httpMethod', 'resourcePath'],
  ...['status', 'responseLatency', 'responseLength', 'integrationLatency', 'integration.latency', 'integration.status'],
  ...['integration.error', 'integration.requestId', 'integrationErrorMessage', 'authorizer.principalId'],
  ...['authorizer.status', 'authorizer.latency', 'authorizer.error', 'error.responseType', 'tlsVersion', 'protocol'],
  ...['stage', 'apiId', 'waf.status', 'wafResponseCode'],
];

export const apiRules: readonly Rule[] = [
  {
    name: 'there is one API with one stage, in the region, with bodies as they came',
    check: inEach(function* (rendering) {
      const apis = ofType(rendering, 'AWS::ApiGateway::RestApi');
      if (apis.length !== 1 || stages(rendering).length !== 1)
        yield `there are ${apis.length} APIs with ${stages(rendering).length} stages`;
      for (const type of ['AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::UsagePlan', 'AWS::ApiGateway::ApiKey'])
        for (const [id] of ofType(rendering, type)) yield `${id} is another way in`;
      for (const stage of stages(rendering))
        if (property(stage, 'StageName') !== 'v1') yield 'the version is not in the address';
      for (const [id, each] of ofType(rendering, 'AWS::ApiGateway::Deployment'))
        if (property(each, 'StageName') !== undefined) yield `${id} makes a stage of its own`;
      for (const [id, each] of apis) {
        if (!same(property(each, 'EndpointConfiguration/Types'), ['REGIONAL'])) yield `${id} is not in the region`;
        if (
          !same(
            at(property(each, 'Body'), 'x-amazon-apigateway-binary-media-types') ?? property(each, 'BinaryMediaTypes'),
            ['*/*'],
          )
        )
          yield `${id} changes bytes`;
        if (key(each.Properties).toLowerCase().includes('"disableexecuteapiendpoint":true'))
          yield `${id} has no address`;
        if (
          property(each, 'Policy') !== undefined ||
          at(property(each, 'Body'), 'x-amazon-apigateway-policy') !== undefined
        )
          yield `${id} has a second way to decide`;
      }
    }),
    defects: {
      'a second by a forgotten name': edit(`${route('Orders')}/RestApiId`),
      'at the edge': edit('Api/Properties/EndpointConfiguration', { Type: 'EDGE' }),
      'a second stage': edit('/Globals/Api/OpenApiVersion'),
      'bytes are broken': edit('Api/Properties/BinaryMediaTypes'),
      'no address': edit('Api/Properties/DisableExecuteApiEndpoint', true),
      'a policy beside the authorizer': edit('Api/Properties/Auth/ResourcePolicy', { IpRangeDenylist: ['10.0.0.0/8'] }),
    },
  },
  {
    name: 'the API speaks TLS 1.2 or later, by its own name only',
    check: inEach(function* (rendering) {
      const { SecurityPolicy, EndpointAccessMode } = membersOf(rendering.resources.Api?.Properties);
      if (!/^SecurityPolicy_TLS13_1_[23]_([A-Z]+_)*20\d\d_\d\d$/.test(String(SecurityPolicy)))
        yield `the least is ${key(SecurityPolicy)}`;
      if (EndpointAccessMode !== 'STRICT') yield 'it answers to other names';
    }),
    defects: {
      'TLS 1.0': edit('Api/Properties/SecurityPolicy', 'TLS_1_0'),
      'the default, which is 1.0': edits(
        edit('Api/Properties/SecurityPolicy'),
        edit('Api/Properties/EndpointAccessMode'),
      ),
      'other names': edit('Api/Properties/EndpointAccessMode', 'BASIC'),
    },
  },
  {
    name: 'the API takes so many requests a second, and fewer allocations',
    check: inEach(function* (rendering) {
      const { ThrottleRate, ThrottleBurst, AllocateThrottleRate } = rendering.parameters;
      for (const stage of stages(rendering)) {
        const settings = settingsOf(stage);
        const all = settings.find(({ ResourcePath, HttpMethod }) => ResourcePath === '/*' && HttpMethod === '*');
        if (all?.ThrottlingRateLimit !== ThrottleRate || all?.ThrottlingBurstLimit !== ThrottleBurst)
          yield 'there is no limit';
        if (!(Number(ThrottleRate) <= 500 && Number(ThrottleBurst) <= 1000)) yield 'the limit is none';
        for (const { path } of contracts.filter((each) => each.function === 'AllocationFunction')) {
          const own = settings.find(
            ({ ResourcePath, HttpMethod }) =>
              ResourcePath === `/${path.replaceAll('/', '~1')}` && HttpMethod === 'POST',
          );
          if (
            own?.ThrottlingRateLimit !== AllocateThrottleRate ||
            own?.ThrottlingBurstLimit !== AllocateThrottleRate ||
            !(Number(AllocateThrottleRate) < Number(ThrottleRate))
          )
            yield `${path} has no limit of its own`;
        }
      }
    }),
    defects: {
      'no limit': edit('Api/Properties/MethodSettings'),
      'no limit of bursts': edit('Api/Properties/MethodSettings/0/ThrottlingBurstLimit'),
      'allocations have none': edit('Api/Properties/MethodSettings/1'),
      'a limit of thousands': edits(edit('Api/Properties/MethodSettings/0/ThrottlingRateLimit', 10000)),
    },
  },
  {
    name: 'every request leaves a line of JSON, without token, address or body',
    check: inEach(function* (rendering) {
      for (const stage of stages(rendering)) {
        const format = String(property(stage, 'AccessLogSetting/Format'));
        if (!same(property(stage, 'AccessLogSetting/DestinationArn'), { 'Fn::GetAtt': ['AccessLogs', 'Arn'] }))
          yield 'no request is logged';
        const fields = readFields(format);
        if (fields === null) yield 'a line is no JSON';
        for (const variable of [
          'requestId',
          'httpMethod',
          'resourcePath',
          'status',
          'responseLatency',
          'authorizer.principalId',
        ]) {
          if (!Object.values(fields ?? {}).includes(`$context.${variable}`)) yield `${variable} is not logged`;
        }
        for (const [variable] of format.matchAll(/(?<=\$)context\.[\w.]+/g))
          if (!contextVariables.includes(variable.slice('context.'.length))) yield `there is no ${variable}`;
        if (/sourceIp|userAgent|accessToken|apiKey|\$input|header/i.test(format)) yield 'a person is logged';
        for (const { DataTraceEnabled, LoggingLevel, CachingEnabled, MetricsEnabled } of settingsOf(stage)) {
          if (MetricsEnabled === true) yield 'each route has metrics of its own, paid for each';
          if (DataTraceEnabled === true || (LoggingLevel ?? 'OFF') !== 'OFF')
            yield 'bodies are logged, into a group that is kept for ever';
          if (CachingEnabled === true) yield 'an answer is kept for another caller';
        }
        if (property(stage, 'CacheClusterEnabled') === true) yield 'a cache costs by the hour';
      }
    }),
    defects: {
      'no log': edit('Api/Properties/AccessLogSetting'),
      text: edit('Api/Properties/AccessLogSetting/Format', '$context.requestId $context.status'),
      'the address of the caller': edit(
        'Api/Properties/AccessLogSetting/Format',
        '{"requestId":"$context.requestId","ip":"$context.identity.sourceIp"}',
      ),
      'a variable that there is not': edit(
        'Api/Properties/AccessLogSetting/Format',
        '{"requestId":"$context.requestId","httpMethod":"$context.httpMethod","resourcePath":"$context.resourcePath","status":"$context.status","latency":"$context.responseLatency","subject":"$context.authorizer.principalId","trace":"$context.traceId"}',
      ),
      'metrics of every route': edit('Api/Properties/MethodSettings/0/MetricsEnabled', true),
      bodies: edit('Api/Properties/MethodSettings/0/DataTraceEnabled', true),
      'a group that nobody made': edit('Api/Properties/AccessLogSetting/DestinationArn', {
        'Fn::GetAtt': ['FlowLogs', 'Arn'],
      }),
    },
  },
  {
    name: 'API Gateway may log before the stage is made, unless the account is set up elsewhere',
    check: inEach(function* (rendering) {
      const sets = rendering.parameters.SetApiGatewayLogRole === 'true';
      const account = rendering.resources.ApiGatewayAccount;
      if ((account !== undefined) !== sets) yield 'the account is set, or is not, against the parameter';
      const writer = referencesOf(property(rendering.resources.AccessLogs, 'Tags'));
      if (sets && !writer.includes('ApiGatewayAccount')) yield 'the stage may come before its logs';
      for (const each of [account, rendering.resources.ApiGatewayLogRole]) {
        if (each && each.DeletionPolicy !== 'Retain') yield 'the logs of other stacks end with this one';
      }
      if (account && !same(property(account, 'CloudWatchRoleArn'), { 'Fn::GetAtt': ['ApiGatewayLogRole', 'Arn'] }))
        yield 'the account has another role';
    }),
    defects: {
      'the stage does not wait': edit('AccessLogs/Properties/Tags'),
      'the account ends with the stack': edit('ApiGatewayAccount/DeletionPolicy'),
      'nobody sets it': edits(edit('ApiGatewayAccount'), edit('AccessLogs/Properties/Tags'), edit('ApiGatewayLogRole')),
    },
  },
  {
    name: 'no other site may call the API from a browser',
    check: inEach(function* (rendering) {
      const texts = [...within(body(rendering))].filter((each) => typeof each === 'string');
      if (key([...texts]).includes('Access-Control-Allow-Origin')) yield 'a preflight is answered for others';
      if (
        textsOf(
          Object.keys(membersOf(at(body(rendering), 'paths'))).filter((path) =>
            at(body(rendering), `paths/${path.replaceAll('/', '')}/options`),
          ),
        ).length > 0
      )
        yield 'a preflight is answered';
      const responses = membersOf(at(body(rendering), 'x-amazon-apigateway-gateway-responses'));
      if (key(responses).includes('Access-Control-Allow-Origin')) yield 'an answer of the gateway is for others';
      for (const methods of Object.values(membersOf(at(body(rendering), 'paths'))))
        if ('options' in membersOf(methods)) yield 'a preflight is answered without a token';
    }),
    defects: {
      'every site': edit('Api/Properties/Cors', "'*'"),
    },
  },
];

function readFields(format: string): Record<string, unknown> | null {
  try {
    return { ...JSON.parse(format) };
  } catch {
    return null;
  }
}
