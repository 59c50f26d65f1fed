import { createHash } from 'node:crypto';
import type { APIGatewayTokenAuthorizerEvent, CloudFormationCustomResourceEvent, SQSEvent } from 'aws-lambda';
import type { ScheduledAllocation } from '../functions/allocation/schedule.ts';
import type { HookEvent } from '../functions/pre-traffic/handler.ts';
import type { EventFile } from './api-events.ts';

const account = '000000000000';
const region = 'us-east-1';

const authorizer: APIGatewayTokenAuthorizerEvent = {
  type: 'TOKEN',
  authorizationToken: 'Bearer put-a-token-here',
  methodArn: `arn:aws:execute-api:${region}:${account}:local/v1/GET/orders`,
};

const migrations = {
  ServiceToken: `arn:aws:lambda:${region}:${account}:function:migrate`,
  ResponseURL: 'http://localhost/answers-are-put-here',
  StackId: `arn:aws:cloudformation:${region}:${account}:stack/local/event`,
  RequestId: 'event-migrate',
  LogicalResourceId: 'Migrations',
  ResourceType: 'Custom::Migrations',
  ResourceProperties: { ServiceToken: `arn:aws:lambda:${region}:${account}:function:migrate`, Bundle: '1' },
};
const existing = { PhysicalResourceId: 'inventory-allocation-schema' };

const migrate: Readonly<Record<string, CloudFormationCustomResourceEvent>> = {
  create: { RequestType: 'Create', ...migrations },
  update: {
    RequestType: 'Update',
    ...migrations,
    ...existing,
    OldResourceProperties: { ...migrations.ResourceProperties, Bundle: '0' },
  },
  delete: { RequestType: 'Delete', ...migrations, ...existing },
};

const hook: HookEvent = { DeploymentId: 'd-EVENT', LifecycleEventHookExecutionId: 'event' };

const message = JSON.stringify({ runId: '01985d3e-7c00-7000-8000-000000000004' });
const queue: SQSEvent = {
  Records: [
    {
      messageId: '01985d3e-7c00-7000-8000-000000000006',
      receiptHandle: 'event',
      body: message,
      attributes: {
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: String(Date.UTC(2026, 11, 1)),
        MessageDeduplicationId: '01985d3e-7c00-7000-8000-000000000004',
        MessageGroupId: 'allocation-runs',
        SenderId: 'event',
        SentTimestamp: String(Date.UTC(2026, 11, 1)),
        SequenceNumber: '1',
      },
      messageAttributes: {},
      md5OfBody: createHash('md5').update(message).digest('hex'),
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:${region}:${account}:allocation.fifo`,
      awsRegion: region,
    },
  ],
};

const schedule: ScheduledAllocation = {
  source: 'inventory.schedule',
  idempotencyKey: '2026-12-01T00:00:00Z',
  request: { filter: {}, allocationMethod: 'FEFO', sequence: 'SHIP_DATE' },
};

/** What the other services of AWS send: one event for each function and occasion. */
export const serviceEvents: readonly EventFile[] = [
  { file: 'authorizer.json', function: 'AuthorizerFunction', event: authorizer },
  ...Object.entries(migrate).map(([occasion, event]) => ({
    file: `migrate-${occasion}.json`,
    function: 'MigrateFunction',
    event,
  })),
  { file: 'pre-traffic.json', function: 'PreTrafficHook', event: hook },
  { file: 'allocation-worker.json', function: 'AllocationWorker', event: queue },
  { file: 'scheduled-allocation.json', function: 'AllocationFunction', event: schedule },
];
