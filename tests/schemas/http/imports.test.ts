import { contracts } from '@inventory/schemas';
import { expect, test } from 'vitest';
import { processorTime } from '../../cpu.ts';
import { echo, json, shell } from './shell.ts';

const send = shell([echo(contracts.importOrders)]);
const importing = (body: string | Buffer) =>
  send({
    method: 'POST',
    resource: '/imports/orders',
    scope: 'orders:write',
    headers: { 'content-type': 'text/csv' },
    body,
  });

test('a file is read with quotes, line ends, a byte order mark and empty lines', async () => {
  const file = '\ufefforderNumber, sku ,quantity\r\n"SO,1","say ""hi""",2\r\n\r\nSO-2,A,1\r\n\r\n';

  expect(json(await importing(Buffer.from(file))).body).toMatchObject([
    { orderNumber: 'SO,1', lines: [{ sku: 'say "hi"', quantity: '2000000' }] },
    { orderNumber: 'SO-2' },
  ]);
});

test('rows count as a spreadsheet counts them, empty ones too', async () => {
  expect(json(await importing('orderNumber,sku,quantity\n\nA,X,0'))).toMatchObject({
    code: 'VALIDATION_FAILED',
    errors: [{ row: 3, column: 'quantity', detail: 'must be above 0' }],
  });
});

test.each([
  ['', 'the header is missing'],
  ['orderNumber,sku,quantity\n', 'there are no rows'],
  ['orderNumber,sku,quantity\n"A,X,1', expect.stringContaining('Quote')],
  ['orderNumber,sku,quantity\nA,X,1,', 'has 4 cells instead of 3'],
])('what is no table is refused: %j', async (file, detail) => {
  const answered = await importing(file);

  expect(answered.status).toBe(422);
  expect(json(answered).errors).toMatchObject([{ detail }]);
});

test('a hostile file is refused in a moment', async () => {
  const took = await processorTime(async () => {
    expect((await importing('\n'.repeat(4_000_000))).status).toBe(422);
    expect((await importing(`a${',a'.repeat(2_000_000)}`)).status).toBe(422);
    expect((await importing(`orderNumber,sku,quantity\n${'A,X,1\n'.repeat(600_000)}`)).status).toBe(422);
  });

  expect(took).toBeLessThan(4_000);
});
