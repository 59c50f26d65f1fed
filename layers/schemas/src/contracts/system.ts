import * as z from 'zod';
import { contract } from '../contract.ts';
import { integerReply, textReply } from '../reply-scalar.ts';

const tag = 'System';
const open = { method: 'GET', function: 'main', tag, scope: null } as const;

export const HealthResponse = z.object({ status: z.literal('OK'), releaseId: textReply('What is deployed.') });
export type HealthResponse = z.output<typeof HealthResponse>;

export const readHealth = contract({
  ...open,
  path: '/health',
  summary: 'Is it up?',
  description: 'Never touches the database: a probe would keep a paused cluster awake.',
  replies: {
    200: { description: 'It is.', schema: HealthResponse, example: { status: 'OK', releaseId: 'local' } },
  },
});

export const DatabaseHealthResponse = z.object({
  status: z.enum(['OK', 'MIGRATIONS_PENDING']).meta({ description: 'Whether the schema is what this release needs.' }),
  roundTripMilliseconds: integerReply('One statement to the database and back.'),
  migrationsApplied: z.array(z.string()).meta({ description: 'By name, oldest first.' }),
  migrationsPending: z.array(z.string()).meta({ description: 'What this release brings and the database lacks.' }),
});
export type DatabaseHealthResponse = z.output<typeof DatabaseHealthResponse>;

export const readDatabaseHealth = contract({
  ...open,
  path: '/health/database',
  scope: 'ANY',
  summary: 'Is the database up, and migrated?',
  description: 'Makes one round trip. Any valid token may ask.',
  replies: {
    200: {
      description: 'The state of the database.',
      schema: DatabaseHealthResponse,
      example: {
        status: 'OK',
        roundTripMilliseconds: 12,
        migrationsApplied: ['20260101000000_first_allocation'],
        migrationsPending: [],
      },
    },
  },
});

export const readOpenApi = contract({
  ...open,
  path: '/openapi.json',
  summary: 'This description',
  description: 'OpenAPI 3.1, generated from the contracts that the server itself follows.',
  replies: { 200: { description: 'An OpenAPI document.', schema: z.record(z.string(), z.unknown()) } },
});

export const readDocs = contract({
  ...open,
  path: '/docs',
  summary: 'A page to read and try the API',
  description: 'Loads nothing from another host.',
  replies: { 200: { description: 'A page.', schema: null, mediaType: 'text/html' } },
});

export const readConsole = contract({
  ...open,
  path: '/console',
  function: 'console',
  summary: "The planner's page",
  description: 'Compare methods, allocate and read what was decided, in a browser. Loads nothing from another host.',
  replies: { 200: { description: 'A page.', schema: null, mediaType: 'text/html' } },
});
