import { setTimeout as wait } from 'node:timers/promises';
import { type Credentials, signedHeaders } from './sign.ts';

/** The services that functions call beside the database, with the name that the SDKs' endpoint variables give them. */
const services = {
  codedeploy: 'CODEDEPLOY',
  lambda: 'LAMBDA',
  secretsmanager: 'SECRETS_MANAGER',
  sqs: 'SQS',
} as const;

/** What is called, as IAM names it. The tests of the template read it in the bundles and compare it with the roles. */
export type Action = `${Service}:${string}`;

type Service = keyof typeof services;

export type Call = {
  readonly action: Action;
  /** `/` where it is left out. */
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Epoch milliseconds after which nothing is sent or waited for. */
  readonly deadline: number;
  /** How long one attempt may take: 5 s where it is left out. */
  readonly attemptMilliseconds?: number;
};

/** The service refused, or no answer came: `code` is the service's own, or what happened on the way. */
export class AwsError extends Error {
  readonly code: string;
  /** Throttled, a fault of the service, or lost on the way: not what was asked for is wrong. */
  readonly mayPass: boolean;

  constructor(action: Action, facts: { code: string; message: string; mayPass: boolean; cause?: unknown }) {
    super(`${action} failed with ${facts.code}: ${facts.message}`, { cause: facts.cause });
    this.name = 'AwsError';
    this.code = facts.code;
    this.mayPass = facts.mayPass;
  }
}

/**
 * Sends a signed request and answers what came back. What may pass is sent again until the deadline, so this is only for
 * what may be done twice. Throws AwsError.
 */
export async function callAws(call: Call): Promise<Answer> {
  const target = targetOf(call);
  for (let pause = 100; ; pause = Math.min(pause * 2, 3_000)) {
    try {
      return await attempt(call, target);
    } catch (error) {
      if (!(error instanceof AwsError) || !error.mayPass || Date.now() + pause >= call.deadline) throw error;
      await wait(pause);
    }
  }
}

/** An operation of a service that has one path for all. Throws AwsError. */
export async function callJson(
  call: Omit<Call, 'headers' | 'body'> & { version: '1.0' | '1.1'; target: string; input: object },
): Promise<unknown> {
  const headers = {
    'content-type': `application/x-amz-json-${call.version}`,
    'x-amz-target': `${call.target}.${call.action.split(':')[1]}`,
  };
  const { text } = await callAws({ ...call, headers, body: JSON.stringify(call.input) });
  return text === '' ? {} : JSON.parse(text);
}

type Answer = { readonly headers: Headers; readonly text: string };

type Target = {
  readonly url: URL;
  readonly service: Service;
  readonly region: string;
  readonly credentials: Credentials;
};

/** Read at each call: the credentials of a function are good for hours, those of a test for one. */
function targetOf({ action, path = '/' }: Call): Target {
  const service = action.split(':')[0] as Service; // by the type of Action
  const region = variable('AWS_REGION');
  const credentials = {
    accessKeyId: variable('AWS_ACCESS_KEY_ID'),
    secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
    sessionToken: process.env.AWS_SESSION_TOKEN,
  };
  return { url: new URL(path, endpointOf(service, region)), service, region, credentials };
}

async function attempt(call: Call, { url, ...by }: Target): Promise<Answer> {
  const { action, headers, body, deadline, attemptMilliseconds = 5_000 } = call;
  const left = Math.min(deadline - Date.now(), attemptMilliseconds);
  if (left <= 0) throw new AwsError(action, { code: 'Deadline', message: 'no time was left', mayPass: true });
  const signed = signedHeaders({ method: 'POST', url, headers, body }, { ...by, now: new Date() });
  const signal = AbortSignal.timeout(left);
  const lost = (error: Error) => {
    throw new AwsError(action, { code: error.name, message: causeOf(error), mayPass: true, cause: error });
  };
  const response = await fetch(url, { method: 'POST', headers: signed, body, redirect: 'error', signal }).catch(lost);
  const text = await response.text().catch(lost);
  if (response.ok) return { headers: response.headers, text };
  throw new AwsError(action, refusalOf(text, response));
}

/** `fetch` says no more than that it failed; its cause says why. */
const causeOf = ({ message, cause }: Error) => (cause instanceof Error ? cause.message : message);

/** Honours the variables that the SDKs honour. */
function endpointOf(service: Service, region: string): string {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return process.env[`AWS_ENDPOINT_URL_${services[service]}`] || `https://${service}.${region}.${domain}`;
}

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is missing`);
  return value;
}

/** `{"__type": "com.amazonaws…#ThrottlingException", "message": "…"}`, or for Lambda a header and `Message`. */
function refusalOf(text: string, { status, headers }: Response): { code: string; message: string; mayPass: boolean } {
  const body = objectOf(text);
  const type = headers.get('x-amzn-errortype') ?? body.__type ?? `Status${status}`;
  const code = String(type).split(':')[0]?.split('#').at(-1) ?? '';
  // 409 is Lambda's answer for a version that is being made.
  const mayPass = status >= 500 || status === 429 || status === 409 || /Throttl|TooManyRequests/.test(code);
  return { code, message: String(body.message ?? body.Message ?? ''), mayPass };
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
