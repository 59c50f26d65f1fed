import { problems } from '../../../functions/http/problems.ts';
import { headersOfEveryAnswer } from '../../../functions/http/send.ts';
import { at, key, membersOf, same } from '../json.ts';
import { edit, inEach, type Rule } from '../rule.ts';
import { property, type Rendering } from '../stack.ts';

const responsesOf = (rendering: Rendering) =>
  Object.entries(membersOf(at(property(rendering.resources.Api, 'Body'), 'x-amazon-apigateway-gateway-responses')));

const expected = {
  UNAUTHORIZED: 'UNAUTHENTICATED',
  ACCESS_DENIED: 'FORBIDDEN_SCOPE',
  MISSING_AUTHENTICATION_TOKEN: 'NOT_FOUND',
  RESOURCE_NOT_FOUND: 'NOT_FOUND',
  REQUEST_TOO_LARGE: 'BODY_TOO_LARGE',
  UNSUPPORTED_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  THROTTLED: 'RATE_LIMITED',
  INTEGRATION_TIMEOUT: 'RETRY_LATER',
} as const;

const headers: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(headersOfEveryAnswer).map(([name, value]) => [name, `'${value}'`])),
  'Content-Type': "'application/problem+json'",
  'X-Request-Id': 'context.requestId',
};

const response = (type: string) => `Api/Properties/GatewayResponses/${type}`;

export const gatewayResponseRules: readonly Rule[] = [
  {
    name: 'what the gateway answers by itself has the headers of every answer',
    check: inEach(function* (rendering) {
      const found = Object.fromEntries(responsesOf(rendering));
      for (const type of [...Object.keys(expected), 'DEFAULT_4XX', 'DEFAULT_5XX'])
        if (!found[type]) yield `${type} has the gateway's own form`;
      for (const [type, each] of responsesOf(rendering)) {
        const sent = membersOf(at(each, 'responseParameters'));
        for (const [name, value] of Object.entries(headers)) {
          if (sent[`gatewayresponse.header.${name}`] !== value) yield `${type} has no ${name}`;
        }
        if (type === 'UNAUTHORIZED' && sent['gatewayresponse.header.WWW-Authenticate'] !== "'Bearer'")
          yield `${type} is no challenge`;
        const seconds = sent['gatewayresponse.header.Retry-After'];
        if (/THROTTLED|TIMEOUT/.test(type) && !/^'([1-9]|1[0-5])'$/.test(String(seconds)))
          yield `${type} does not say when`;
      }
    }),
    defects: {
      'one is JSON only': edit(
        `${response('THROTTLED')}/ResponseParameters/Headers/Content-Type`,
        "'application/json'",
      ),
      'one has no headers': edit(`${response('DEFAULT_5XX')}/ResponseParameters`),
      'in an hour': edit(`${response('INTEGRATION_TIMEOUT')}/ResponseParameters/Headers/Retry-After`, "'3600'"),
      'no challenge': edit(`${response('UNAUTHORIZED')}/ResponseParameters/Headers/WWW-Authenticate`),
      'one is missing': edit(response('UNAUTHORIZED')),
      'the rest is missing': edit(response('DEFAULT_4XX')),
    },
  },
  {
    name: 'what the gateway answers by itself is a problem as the functions tell it, and tells nothing else',
    check: inEach(function* (rendering) {
      for (const [type, each] of responsesOf(rendering)) {
        const text = String(at(each, 'responseTemplates/application~1json'));
        const document = read(text);
        if (document === null) yield `${type} is no JSON`;
        const used = [...text.matchAll(/\$[\w.]+/g)].map(String).filter((name) => name !== '$context.path');
        if (used.length > 0) yield `${type} tells ${used[0]}`;
        const code = expected[type as keyof typeof expected] as (typeof expected)[keyof typeof expected] | undefined; // DEFAULT_* has none
        const { type: about, title, status, code: told } = document ?? {};
        if (code === undefined) {
          if (about !== 'about:blank' || typeof title !== 'string') yield `${type} names a problem that there is not`;
          continue;
        }
        const known = problems[code];
        const right = { type: `/docs#${code}`, title: known.title, status: known.status, code };
        if (key({ type: about, title, status, code: told } as never) !== key(right)) yield `${type} is not ${code}`; // compared as JSON
        if (!same(at(each, 'statusCode'), known.status) && Number(at(each, 'statusCode')) !== known.status)
          yield `${type} is sent as ${key(at(each, 'statusCode'))}`;
      }
    }),
    defects: {
      'another status': edit(`${response('UNAUTHORIZED')}/StatusCode`, 403),
      'another code': edit(
        `${response('THROTTLED')}/ResponseTemplates/application~1json`,
        '{"type":"/docs#SLOW","title":"Too many requests","status":429,"code":"SLOW"}',
      ),
      internals: edit(
        `${response('DEFAULT_5XX')}/ResponseTemplates/application~1json`,
        '{"type":"about:blank","title":"$context.integrationErrorMessage"}',
      ),
      'no JSON': edit(`${response('ACCESS_DENIED')}/ResponseTemplates/application~1json`, 'no'),
    },
  },
];

function read(text: string): Record<string, unknown> | null {
  try {
    return { ...JSON.parse(text) };
  } catch {
    return null;
  }
}
