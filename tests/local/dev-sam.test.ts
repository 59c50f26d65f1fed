import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@inventory/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVerifier, TokenRefused } from '../../functions/authorizer/verify.ts';
import { eventually, type Program, printed, run } from '../sam-local/dev-sam.ts';

let dataDirectory: string;
let devSam: Program;
let variables: Record<string, string>;

/** As on a machine without Docker. */
const start = (DATA_DIR: string) =>
  run(process.execPath, ['functions/local/dev-sam.ts'], { DATA_DIR, DOCKER_HOST: 'unix:///nowhere/docker.sock' });

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'dev-sam-'));
  devSam = start(dataDirectory);
  await eventually(devSam, () => printed(devSam, 'First call'), 30);
  variables = JSON.parse(await readFile(join(dataDirectory, 'sam-environment.json'), 'utf8')).Parameters;
});
afterAll(async () => {
  await devSam?.stop();
  await rm(dataDirectory, { recursive: true, force: true });
});

test('it says what to type, and what is lacking', () => {
  expect(printed(devSam, 'API')).toContain('npm run sam -- local start-api --env-vars');
  expect(printed(devSam, 'Function')).toContain('local invoke AllocationFunction --event events/allocate.json');
  expect(devSam.output()).toContain('No Docker was found');
});

test('the file for --env-vars sets only what the template declares: the rest would be ignored', () => {
  const template = readFileSync(join(import.meta.dirname, '../../template.yaml'), 'utf8');

  const unknown = Object.keys(variables).filter((name) => !new RegExp(`^ +${name}: `, 'm').test(template));

  expect(Object.keys(variables)).toContain('AWS_ENDPOINT_URL_RDS_DATA');
  expect(unknown).toEqual([]);
});

test('the database answers, migrated, through the emulator', async () => {
  const { CLUSTER_ARN = '', SECRET_ARN = '', DATABASE_NAME = '', AWS_ENDPOINT_URL_RDS_DATA = '' } = variables;
  const endpoint = AWS_ENDPOINT_URL_RDS_DATA.replace('host.docker.internal', '127.0.0.1');
  const where = { resourceArn: CLUSTER_ARN, secretArn: SECRET_ARN, database: DATABASE_NAME, endpoint };
  const database = connect({ kind: 'data-api', ...where });

  expect(await database.query({ text: 'SELECT count(*) AS orders FROM orders', values: [] })).toEqual([
    { orders: '0' },
  ]);
  await database.close();
});

test('its tokens are good for the issuer that the authorizer asks, and the expired one is not', async () => {
  const { JWT_ISSUER: issuer = '', JWT_AUDIENCE: audience = '' } = variables;
  const { jwks_uri } = await documentOf(issuer);
  const verify = createVerifier({ issuer, audience, address: reachable(issuer) });
  expect(jwks_uri).toContain('http://host.docker.internal:');

  // The keys lie at the name that containers know: only the lookup differs here.
  const realFetch = globalThis.fetch;
  globalThis.fetch = (input, init) => realFetch(reachable(String(input)), init);
  try {
    expect(await verify(printed(devSam, 'Token') ?? '')).toMatchObject({ sub: 'local-developer' });
    await expect(verify(printed(devSam, 'Expired') ?? '')).rejects.toBeInstanceOf(TokenRefused);
  } finally {
    globalThis.fetch = realFetch;
  }
});

test('a second one on the same data says who has it', async () => {
  const second = start(dataDirectory);

  await eventually(second, () => /serves this data/.exec(second.errors())?.[0], 20);

  await second.stop();
});

const reachable = (address: string) => address.replace('host.docker.internal', '127.0.0.1');

async function documentOf(issuer: string): Promise<{ jwks_uri: string }> {
  const response = await fetch(`${reachable(issuer)}/.well-known/openid-configuration`);
  return response.json();
}
