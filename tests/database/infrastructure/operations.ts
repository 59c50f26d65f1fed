import type { Database, Statement } from '@inventory/database';

/** One operation that must have the same outcome on plain PostgreSQL and through the Data API. */
export type Operation = { readonly name: string; readonly run: (database: Database) => Promise<unknown> };

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const at = new Date('2026-01-02T03:04:05.678Z');

const order = (number: number) => ({
  id: id(number),
  orderNumber: `SO-${number}`,
  priority: 3,
  orderedAt: at,
  quantity: '7.5',
  createdAt: at,
  createdBy: 'planner',
});

const line = (number: number, orderId: number) => ({
  id: id(number),
  orderId: id(orderId),
  lineNumber: number,
  sku: `SKU-${number}`,
  quantity: '2.000001',
});

const query = (name: string, text: string, ...values: Statement['values']): Operation => ({
  name,
  run: (database) => database.query({ text, values }),
});

const model = (name: string, run: (prisma: Database['prisma']) => Promise<unknown>): Operation => ({
  name,
  run: (database) => run(database.prisma),
});

/** In this order: later ones see what earlier ones wrote. */
export const OPERATIONS: readonly Operation[] = [
  // Model queries
  model('creates with every kind of column', (prisma) =>
    prisma.order.create({
      data: {
        ...order(1),
        orderNumber: "o'1 $1 :p1 ::x",
        customerId: 'ACME',
        requestedShipDate: new Date('2026-02-28'),
      },
    }),
  ),
  model('creates with nulls', (prisma) => prisma.order.create({ data: { ...order(2), customerId: null } })),
  model('creates many', (prisma) => prisma.order.createMany({ data: [3, 4, 5, 6].map(order) })),
  model('skips duplicates', (prisma) => prisma.order.createMany({ data: [order(3)], skipDuplicates: true })),
  model('creates many and returns', (prisma) =>
    prisma.orderLine.createManyAndReturn({ data: [line(11, 1), line(12, 1)] }),
  ),
  model('creates nested', (prisma) =>
    prisma.order.create({
      data: {
        ...order(7),
        lines: { create: [{ id: id(13), lineNumber: 1, sku: 'A', quantity: 1, picks: { a: [1, '?'] } }] },
      },
      include: { lines: true },
    }),
  ),
  model('reads all', (prisma) =>
    prisma.order.findMany({ orderBy: { id: 'asc' }, include: { lines: { orderBy: { id: 'asc' } } } }),
  ),
  model('reads by list', (prisma) =>
    prisma.order.findMany({
      where: { id: { in: [id(1), id(2)] }, orderNumber: { notIn: ['x'] } },
      orderBy: { id: 'asc' },
    }),
  ),
  model('reads by a list of 3,000, which Prisma splits', async (prisma) => {
    const orders = await prisma.order.findMany({
      where: { id: { in: Array.from({ length: 3_000 }, (_, number) => id(number)) } },
      select: { id: true },
    });
    return orders.map((row) => row.id).sort();
  }),
  model('creates 400 lines, which Prisma splits', async (prisma) => [
    await prisma.orderLine.createMany({
      data: Array.from({ length: 400 }, (_, number) => ({ ...line(1_000 + number, 3), lineNumber: number })),
    }),
    await prisma.orderLine.deleteMany({ where: { orderId: id(3) } }),
  ]),
  model('reads a page by cursor', (prisma) =>
    prisma.order.findMany({ cursor: { id: id(3) }, skip: 1, take: 2, orderBy: { id: 'asc' }, select: { id: true } }),
  ),
  model('reads without regard to case', (prisma) =>
    prisma.order.findMany({
      where: { orderNumber: { contains: 'so-', mode: 'insensitive' } },
      orderBy: { orderNumber: 'desc' },
    }),
  ),
  model('filters by date and time', (prisma) =>
    prisma.order.findMany({
      where: { orderedAt: { gte: at, lt: new Date(at.getTime() + 1) }, requestedShipDate: new Date('2026-02-28') },
      select: { id: true },
    }),
  ),
  model('filters by decimal and bigint', (prisma) =>
    prisma.order.findMany({
      where: { quantity: { gt: '7.499999' }, revision: 1n },
      orderBy: { id: 'asc' },
      select: { id: true },
    }),
  ),
  model('filters by JSON', (prisma) =>
    prisma.orderLine.findMany({ where: { picks: { path: ['a'], array_contains: ['?'] } }, select: { id: true } }),
  ),
  model('filters by relation', (prisma) =>
    prisma.order.findMany({ where: { lines: { some: { sku: 'A' } } }, select: { id: true, _count: true } }),
  ),
  model('updates arithmetically', (prisma) =>
    prisma.order.update({
      where: { orderNumber: 'SO-2' },
      data: { version: { increment: 1 }, revision: { increment: 9007199254740993n }, quantity: { multiply: 2 } },
    }),
  ),
  model('updates many', (prisma) => prisma.order.updateMany({ where: { version: 1 }, data: { customerId: 'B' } })),
  model('upserts', async (prisma) => {
    const upsert = () =>
      prisma.position.upsert({
        where: { sku: 'A' },
        create: { sku: 'A', poolQuantity: '0.5', poolValue: 2n ** 62n },
        update: { version: { increment: 1 } },
      });
    return [await upsert(), await upsert()];
  }),
  model('aggregates', (prisma) =>
    prisma.order.aggregate({
      _sum: { quantity: true, revision: true },
      _avg: { priority: true },
      _max: { orderedAt: true },
      _count: true,
    }),
  ),
  model('groups', (prisma) =>
    prisma.order.groupBy({ by: ['customerId'], _count: { _all: true }, orderBy: { customerId: 'asc' } }),
  ),
  model('deletes', (prisma) => prisma.order.deleteMany({ where: { orderNumber: { startsWith: 'SO-6' } } })),

  // Errors of model queries
  model('reports a unique violation', (prisma) => prisma.order.create({ data: { ...order(90), orderNumber: 'SO-3' } })),
  model('reports a check violation', (prisma) =>
    prisma.order.update({ where: { id: id(3) }, data: { allocatedQuantity: 100 } }),
  ),
  model('reports a number out of range', (prisma) =>
    prisma.order.update({ where: { id: id(3) }, data: { quantity: '1e30' } }),
  ),
  model('reports a missing row', (prisma) => prisma.order.update({ where: { id: id(99) }, data: { priority: 1 } })),

  // Transactions of the Prisma client
  model('reads its own writes in a transaction', (prisma) =>
    prisma.$transaction(
      async (transaction) => {
        await transaction.order.create({ data: order(20) });
        return Promise.all([transaction.order.count(), transaction.orderLine.count()]);
      },
      { isolationLevel: 'Serializable' },
    ),
  ),
  model('sets the isolation level', (prisma) =>
    prisma.$transaction(
      (transaction) => transaction.$queryRaw`SELECT current_setting('transaction_isolation') AS level`,
      {
        isolationLevel: 'RepeatableRead',
      },
    ),
  ),
  model('rolls back what throws', async (prisma) => {
    const failing = prisma.$transaction(async (transaction) => {
      await transaction.order.create({ data: order(21) });
      throw new Error('no');
    });
    return [await failing.catch(() => 'failed'), await prisma.order.count({ where: { id: id(21) } })];
  }),
  model('runs a batch', (prisma) => prisma.$transaction([prisma.order.count(), prisma.position.count()])),
  model('rolls back a batch that fails', async (prisma) => {
    const failing = prisma.$transaction([
      prisma.order.create({ data: order(22) }),
      prisma.order.create({ data: order(22) }),
    ]);
    return [await failing.catch((error) => error.code), await prisma.order.count({ where: { id: id(22) } })];
  }),
  model(
    'runs raw SQL',
    (prisma) =>
      prisma.$queryRaw`SELECT ${1}::int AS a, ${'x'}::text AS b, ${[1, 2]}::int[] AS c, ${at}::timestamptz AS d`,
  ),
  model(
    'counts raw writes',
    (prisma) => prisma.$executeRaw`UPDATE orders SET priority = ${5} WHERE order_number = ${'SO-4'}`,
  ),

  // Our own statements: values
  query(
    'returns every type that our statements use',
    `SELECT 1::int2 AS a, 2::int4 AS b, 9007199254740993::int8 AS c, 1.25::float8 AS d, 1.10::numeric AS e, true AS f,
      'x'::varchar AS g, 'é"\\'::text AS h, '{"a": 1}'::jsonb AS i, '{"a": 1}'::json AS j, NULL::int4 AS k, '2020-02-29'::date AS l,
      '00000000-0000-4000-8000-000000000001'::uuid AS m, ARRAY['a','b'] AS n, ARRAY[1,2] AS o, ARRAY[true] AS p,
      ARRAY[1.5]::numeric[] AS q, '\\x00ff'::bytea AS r, interval '1 day'::text AS s, ARRAY[]::text[] AS t`,
  ),
  query(
    'returns times',
    `SELECT CAST($1 AS timestamptz) AS a, CAST($1 AS timestamp) AS b, CAST('01:02:03' AS time) AS c,
      to_char(CAST($1 AS timestamptz), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS d`,
    at.toISOString(),
  ),
  query(
    'binds every type of value',
    `SELECT CAST($1 AS int4) AS a, CAST($2 AS int8) AS b, CAST($3 AS numeric) AS c, CAST($4 AS bool) AS d, CAST($5 AS text) AS e,
      CAST($6 AS uuid) AS f, CAST($7 AS float8) AS g, CAST($8 AS jsonb) AS h, CAST($9 AS timestamptz)::text AS i`,
    ...[-1, 2n ** 62n, 0.1, false, "it's $1 :p1 ::x", id(1), 1e-7, '{"a":"b"}', null],
  ),
  query('keeps the digits of a number', 'SELECT CAST($1 AS numeric) AS a, CAST($2 AS numeric) AS b', 0.1 + 0.2, 1e21),
  query(
    'binds arrays',
    `SELECT * FROM unnest(CAST($1 AS uuid[]), CAST($2 AS text[]), CAST($3 AS numeric[]), CAST($4 AS int8[]), CAST($5 AS bool[]))
      WITH ORDINALITY AS t(a, b, c, d, e, n) ORDER BY n`,
    [id(1), null, id(2)],
    ['', 'NULL', 'a,"b\\c{}\n '],
    ['1.500000', '-2', null],
    [1n, -(2n ** 63n), 3],
    [true, false, null],
  ),
  query(
    'binds empty arrays',
    'SELECT cardinality(CAST($1 AS text[])) AS a, cardinality(CAST($2 AS uuid[])) AS b',
    [],
    [],
  ),
  query('uses a parameter twice', 'SELECT CAST($1 AS text) AS a, CAST($1 AS text) || CAST($2 AS text) AS b', 'x', 'y'),
  query(
    'leaves strings, comments and dollar bodies alone',
    `SELECT '$1' AS a, "b$2" /* $3 -- */ AS b, $x$ $1 :p1 $x$ AS c, E'\\'$1' AS d -- $1
      FROM (SELECT CAST($1 AS text) AS "b$2") AS t`,
    'v',
  ),
  query('returns no rows of an empty result', 'SELECT 1 AS a WHERE false'),
  query('returns no rows of a write', `UPDATE orders SET priority = 4 WHERE order_number = 'SO-4'`),
  query(
    'returns the rows of a write',
    `UPDATE orders SET priority = 5 WHERE order_number = 'SO-4' RETURNING order_number, priority`,
  ),
  query('takes the last of two columns of one name', 'SELECT 1 AS a, 2 AS a'),

  // Our own statements: errors
  query(
    'reports the constraint of a unique violation',
    `INSERT INTO positions (sku, pool_quantity, pool_value) VALUES ('A', 0, 0)`,
  ),
  query(
    'reports the constraint of a check violation',
    `UPDATE orders SET allocated_quantity = 1000 WHERE order_number = 'SO-3'`,
  ),
  query('reports a null violation', 'INSERT INTO positions (sku) VALUES (NULL)'),
  query('reports a foreign key violation', `DELETE FROM orders WHERE order_number = 'SO-7'`),
  query('reports a bad uuid', 'SELECT CAST($1 AS uuid)', 'nope'),
  query('reports an overflow', 'SELECT 2147483647::int4 + 1::int4 AS a'),
  query('reports an unknown table', 'SELECT * FROM nope'),
  query('reports an unknown column', 'SELECT nope FROM orders'),
  query('reports a syntax error', 'SELEC 1'),
  query('reports what the role may not do', 'UPDATE movements SET actor = actor'),
  query('reports a division by zero', 'SELECT 1 / 0 AS a'),
  query('reports a raised error', `SELECT CAST('x' AS int4) AS a`),

  // Our own transactions
  {
    name: 'commits a transaction',
    run: async (database) => [
      await database.transaction(async ({ query }) => {
        await query({ text: `INSERT INTO positions (sku, pool_quantity, pool_value) VALUES ('T', 0, 0)`, values: [] });
        return query({ text: `SELECT sku FROM positions WHERE sku = 'T' FOR UPDATE`, values: [] });
      }),
      await database.prisma.position.count({ where: { sku: 'T' } }),
    ],
  },
  {
    name: 'rolls a transaction back',
    run: async (database) => {
      const failing = database.transaction(async ({ query }) => {
        await query({ text: `DELETE FROM positions WHERE sku = 'T'`, values: [] });
        throw new Error('no');
      });
      return [
        await failing.catch((error: Error) => error.message),
        await database.prisma.position.count({ where: { sku: 'T' } }),
      ];
    },
  },
  {
    name: 'ends a transaction with its first error, even a caught one',
    run: async (database) => {
      const failing = database.transaction(async ({ query }) => {
        await query({ text: `DELETE FROM positions WHERE sku = 'T'`, values: [] });
        await query({ text: 'SELECT 1 / 0', values: [] }).catch(() => {});
        return 'committed';
      });
      return [
        await failing.catch((error) => error.sqlState),
        await database.prisma.position.count({ where: { sku: 'T' } }),
      ];
    },
  },
  {
    name: 'queues calls of one transaction',
    run: (database) =>
      database.transaction(({ query }) =>
        Promise.all([1, 2, 3].map((n) => query({ text: 'SELECT CAST($1 AS int4) AS n', values: [n] }))),
      ),
  },
  {
    name: 'skips locked rows',
    run: (database) =>
      database.transaction(async ({ query }) => {
        await query({ text: `SELECT 1 FROM positions WHERE sku = 'T' FOR UPDATE`, values: [] });
        return database.query({ text: `SELECT sku FROM positions WHERE sku = 'T' FOR UPDATE SKIP LOCKED`, values: [] });
      }),
  },
];
