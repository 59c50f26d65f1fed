import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../database-fixture.ts';

describe.each(['postgres', 'data-api'] as const)('via %s', (via) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase({ via });
  });
  afterAll(() => test.close());

  it('answers a query', async () => {
    const rows = await test.database.query({
      text: 'SELECT CAST($1 AS int4) AS a, CAST($2 AS int8) AS b, x FROM unnest(CAST($3 AS text[])) AS x',
      values: [1, 2n ** 60n, ['a', null, 'NULL', '{"']],
    });
    expect(rows).toEqual([
      { a: 1, b: '1152921504606846976', x: 'a' },
      { a: 1, b: '1152921504606846976', x: null },
      { a: 1, b: '1152921504606846976', x: 'NULL' },
      { a: 1, b: '1152921504606846976', x: '{"' },
    ]);
    expect(await test.database.prisma.position.findMany()).toEqual([]);
    expect(
      await test.database.transaction(async (tx) => (await tx.query({ text: 'SELECT 1 AS one', values: [] }))[0]),
    ).toEqual({ one: 1 });
  });
});
