import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callerOf } from '../../../layers/database/src/data-api/caller.ts';
import { createTransport, type Transport } from '../../../layers/database/src/data-api/transport.ts';

describe('The way to the Data API', () => {
  let server: Server;
  let transport: Transport;
  let connections: number;
  let respond: (response: ServerResponse) => void;

  beforeEach(async () => {
    connections = 0;
    respond = (response) => response.end('{"records":[]}');
    server = createServer((message, response) => message.resume().on('end', () => respond(response)));
    server.on('connection', () => connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    transport = createTransport(callerOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
  afterEach(() => {
    vi.useRealTimers();
    transport.close();
    server.close();
  });

  const send = (signal = AbortSignal.timeout(5_000)) => transport.send('/Execute', { sql: 'SELECT 1' }, signal);

  it('keeps its connection', async () => {
    await send();
    await send();

    expect(connections).toBe(1);
  });

  it('takes a new one after a freeze, when the service may have closed the old one', async () => {
    await send();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });

    await send();

    expect(connections).toBe(2);
  });

  it.each([
    { header: 'BadRequestException', body: '{"message":"no"}', name: 'BadRequestException', message: 'no' },
    {
      header: 'aws.rds#NotFoundException:http://x/',
      body: '{"Message":"no"}',
      name: 'NotFoundException',
      message: 'no',
    },
    { header: null, body: '{"__type":"aws.rds#ForbiddenException"}', name: 'ForbiddenException' },
    { header: null, body: '{"code":"ThrottlingException"}', name: 'ThrottlingException' },
    { header: null, body: '<html>', name: 'ServiceUnavailableError', message: 'The Data API answered 503' },
    { header: null, body: 'null', name: 'ServiceUnavailableError' },
  ])('reads a refusal: $header $body', async ({ header, body, ...expected }) => {
    respond = (response) => response.writeHead(503, header ? { 'x-amzn-errortype': header } : {}).end(body);

    await expect(send()).rejects.toMatchObject(expected);
  });

  it('ends with its signal, before and while it is under way', async () => {
    respond = () => {};

    await expect(send(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    await expect(send(AbortSignal.timeout(100))).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('says so when an answer breaks off', async () => {
    respond = (response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"records":');
      setTimeout(() => response.destroy(), 50);
    };

    await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});
