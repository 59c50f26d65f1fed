import { randomUUID } from 'node:crypto';
import {
  ColumnTypeEnum as Column,
  type ColumnType,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

const IDENTITY = { provider: 'postgres', adapterName: 'schema-engine-pg' } as const;

/**
 * The engine's own way to PostgreSQL: `@prisma/adapter-pg` refuses column types that the catalogue has (`"char"`,
 * `name[]`), and cuts scripts at every semicolon.
 */
export function engineAdapter(url: string): SqlMigrationAwareDriverAdapterFactory {
  const open = async (connectionString: string) => {
    const client = new pg.Client({ connectionString, options: '-c TimeZone=UTC' });
    await client.connect();
    return client;
  };
  return {
    ...IDENTITY,
    async connect() {
      const client = await open(url);
      return adapterOver(client, () => client.end());
    },
    /** A database that lives as long as the connection to it: the engine replays the migrations there. */
    async connectToShadowDb() {
      const name = `prisma_migrate_shadow_db_${randomUUID()}`;
      const administrator = await open(url);
      await administrator.query(`CREATE DATABASE "${name}"`);
      const shadow = new URL(url);
      shadow.pathname = `/${name}`;
      const client = await open(shadow.href);
      return adapterOver(client, async () => {
        await client.end();
        await administrator.query(`DROP DATABASE IF EXISTS "${name}"`);
        await administrator.end();
      });
    },
  };
}

const adapterOver = (client: pg.Client, dispose: () => Promise<void>): SqlDriverAdapter => ({
  ...IDENTITY,
  async queryRaw({ sql, args }: SqlQuery) {
    const { fields, rows } = await reported(() =>
      client.query({ text: sql, values: args, rowMode: 'array' as const, types: PARSERS }),
    );
    return {
      columnNames: fields.map((field) => field.name),
      columnTypes: fields.map((field) => COLUMN_TYPES.get(field.dataTypeID) ?? Column.Text),
      rows,
    };
  },
  async executeRaw({ sql, args }: SqlQuery) {
    return (await reported(() => client.query(sql, args))).rowCount ?? 0;
  },
  async executeScript(script: string) {
    if (script.trim() !== '') await reported(() => client.query(script));
  },
  getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
  async startTransaction() {
    throw new Error('The schema engine starts no transactions');
  },
  dispose,
});

/** Every type that the engine's catalogue queries return, by PostgreSQL's number of it. */
const COLUMN_TYPES: ReadonlyMap<number, ColumnType> = new Map<number, ColumnType>([
  [16, Column.Boolean],
  [17, Column.Bytes],
  [18, Column.Character],
  [19, Column.Text],
  [20, Column.Int64],
  [21, Column.Int32],
  [23, Column.Int32],
  [25, Column.Text],
  [26, Column.Int64],
  [114, Column.Json],
  [700, Column.Float],
  [701, Column.Double],
  [1000, Column.BooleanArray],
  [1002, Column.CharacterArray],
  [1003, Column.TextArray],
  [1005, Column.Int32Array],
  [1007, Column.Int32Array],
  [1009, Column.TextArray],
  [1015, Column.TextArray],
  [1016, Column.Int64Array],
  [1028, Column.Int64Array],
  [1042, Column.Text],
  [1043, Column.Text],
  [1114, Column.DateTime],
  [1184, Column.DateTime],
  [1700, Column.Numeric],
  [2950, Column.Uuid],
  [3802, Column.Json],
]);

const NAME_ARRAY = 1003;
const TEXT_ARRAY: number = 1009;
const PARSED_BY_PG: ReadonlySet<number> = new Set([16, 21, 23, 1000, 1002, 1005, 1007, 1009, 1015, 1016, 1028]);
const TIMESTAMPS: ReadonlySet<number> = new Set([1114, 1184]);

const PARSERS = {
  getTypeParser(typeId: number): (text: string) => unknown {
    if (typeId === NAME_ARRAY) return pg.types.getTypeParser(TEXT_ARRAY);
    if (PARSED_BY_PG.has(typeId)) return pg.types.getTypeParser(typeId);
    if (TIMESTAMPS.has(typeId)) return (text) => text.replace(' ', 'T').replace(/([+-]\d{2})?$/, '+00:00');
    return (text) => text;
  },
};

async function reported<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const { code = '', severity = 'ERROR', message, detail, column, hint } = error;
    throw new DriverAdapterError({
      ...{ kind: 'postgres', code, severity, message, detail, column, hint },
      ...{ originalCode: code, originalMessage: message },
    });
  }
}
