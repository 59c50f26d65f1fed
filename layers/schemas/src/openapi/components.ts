import * as z from 'zod';
import { AllocationResponse } from '../allocation-reply.ts';
import { AllocationRequest } from '../allocation-request.ts';
import { CompareResponse } from '../compare-reply.ts';
import { CompareRequest } from '../compare-request.ts';
import { ImportResponse } from '../contracts/imports.ts';
import { ReleaseRequest, ShipRequest } from '../contracts/results.ts';
import { DatabaseHealthResponse, HealthResponse } from '../contracts/system.ts';
import { InventoryResponse } from '../inventory-reply.ts';
import { InventoryRequest } from '../inventory-request.ts';
import { OrderResponse } from '../order-reply.ts';
import { OrderRequest } from '../order-request.ts';
import { OrderFilter } from '../order-selection.ts';
import { ExplanationResponse, ShortageResponse, StrategyResponse, TotalsResponse } from '../outcome-reply.ts';
import { AllocatedResponse, AllocationResultResponse, MovedResultResponse } from '../result-reply.ts';
import { AllocationRunResponse, AllocationRunSummaryResponse } from '../run-reply.ts';
import { AvailabilityResponse, IntegrityResponse, MovementResponse } from '../stock-reply.ts';
import { TokenPayload } from '../token.ts';

/** The schemas that have a name in the API description. */
const requests = {
  OrderRequest,
  InventoryRequest,
  AllocationRequest,
  CompareRequest,
  ReleaseRequest,
  ShipRequest,
  OrderFilter,
};

const replies = {
  OrderResponse,
  InventoryResponse,
  AllocationResponse,
  CompareResponse,
  AllocationRunResponse,
  AllocationRunSummaryResponse,
  AllocatedResponse,
  AllocationResultResponse,
  MovedResultResponse,
  AvailabilityResponse,
  MovementResponse,
  IntegrityResponse,
  ImportResponse,
  HealthResponse,
  DatabaseHealthResponse,
  StrategyResponse,
  ShortageResponse,
  ExplanationResponse,
  TotalsResponse,
  TokenPayload,
};

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a request may send, as JSON Schema; named schemas as references. */
export const requestSchema = (schema: z.ZodType): JsonSchema => inline(schema, 'input');

/** What an answer holds, as JSON Schema; named schemas as references. */
export const replySchema = (schema: z.ZodType): JsonSchema => inline(schema, 'output');

/** The named schemas: requests as they are sent, replies as they are answered. */
export const namedSchemas = (): Readonly<Record<string, JsonSchema>> => ({
  ...named(requests, 'input'),
  ...named(replies, 'output'),
});

type Direction = 'input' | 'output';

/** A wrapper has the schema as a member: in a registry of its own, zod writes each named schema as a reference to it. */
function inline(schema: z.ZodType, io: Direction): JsonSchema {
  const wrapper = z.object({ schema });
  const { properties } = converted({ Inline: wrapper }, io).Inline ?? {};
  return isRecord(properties) && isRecord(properties.schema) ? properties.schema : {};
}

const named = (schemas: Readonly<Record<string, z.ZodType>>, io: Direction) => converted(schemas, io);

function converted(wanted: Readonly<Record<string, z.ZodType>>, io: Direction): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [name, schema] of Object.entries({ ...(io === 'input' ? requests : replies), ...wanted })) {
    registry.add(schema, { id: name });
  }
  const { schemas } = z.toJSONSchema(registry, {
    io,
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ zodSchema, jsonSchema }) => amend(zodSchema, jsonSchema, io),
  });
  return Object.fromEntries(Object.keys(wanted).map((name) => [name, withoutIdentity(schemas[name] ?? {})]));
}

function amend(schema: z.core.$ZodTypes, json: z.core.JSONSchema.BaseSchema, io: Direction): void {
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  if (io === 'input') restoreMetadata(schema, json);
  if (schema._zod.def.type !== 'object') return;
  // An answer may get further members in a later release.
  if (io === 'output') delete json.additionalProperties;
  else if ('shape' in schema._zod.def) requireMembers(schema._zod.def.shape, json);
}

/** zod takes the examples and the default of a schema that transforms for those of its output, and leaves them out. */
function restoreMetadata(schema: z.core.$ZodType, json: z.core.JSONSchema.BaseSchema): void {
  const { examples, default: preset } = z.globalRegistry.get(schema) ?? {};
  if (Array.isArray(examples)) json.examples = examples;
  if (preset !== undefined) json.default = preset;
}

/** A list of a request has a preprocessor, which accepts undefined: zod takes it for optional. */
function requireMembers(shape: Readonly<Record<string, z.core.$ZodType>>, json: z.core.JSONSchema.BaseSchema): void {
  const required = Object.entries(shape).filter(([, member]) => !isOptional(member));
  delete json.required;
  if (required.length > 0) json.required = required.map(([name]) => name);
}

function isOptional(member: z.core.$ZodType): boolean {
  return member._zod.optin === 'optional' && !isPreprocessed(member);
}

/** Whether a preprocessor comes first, perhaps below further pipes. */
function isPreprocessed(member: z.core.$ZodType): boolean {
  if (!(member instanceof z.ZodPipe)) return false;
  return member.def.in instanceof z.ZodTransform || isPreprocessed(member.def.in);
}

function withoutIdentity({ $id: _id, $schema: _schema, id: _name, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

const isRecord = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;
