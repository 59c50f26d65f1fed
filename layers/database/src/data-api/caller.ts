import type { Credentials } from './signer.ts';

/** Where the service is, and who calls it. */
export type Caller = {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: () => Credentials;
};

/**
 * Lambda says all of it in the environment, and nowhere else is looked: the SDK's search for credentials is 120 kB.
 * A given endpoint is a stand-in on this machine, which needs no account.
 */
export function callerOf(endpoint: string | undefined, environment: Environment = process.env): Caller {
  if (endpoint) return { ...STAND_IN, endpoint };
  const region = read(environment, 'AWS_REGION');
  return {
    region,
    endpoint: environment.AWS_ENDPOINT_URL_RDS_DATA || endpointOf(region),
    // Read anew for each request: what rotates them, rotates them there.
    credentials: () => ({
      accessKeyId: read(environment, 'AWS_ACCESS_KEY_ID'),
      secretAccessKey: read(environment, 'AWS_SECRET_ACCESS_KEY'),
      ...(environment.AWS_SESSION_TOKEN && { sessionToken: environment.AWS_SESSION_TOKEN }),
    }),
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

const STAND_IN = { region: 'local', credentials: () => ({ accessKeyId: 'local', secretAccessKey: 'local' }) };

const endpointOf = (region: string) =>
  `https://rds-data.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;

function read(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`The environment variable ${name} is missing`);
  return value;
}
