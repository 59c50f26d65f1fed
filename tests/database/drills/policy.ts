import { splitStatements } from '../../../layers/database/src/data-api/script.ts';

/** What the Data API takes in one call. */
const LONGEST_STATEMENT = 65_536;

/**
 * What in a migration would break the release that still serves, or hold a lock for longer than a moment. Two releases
 * share the database while traffic shifts, and no statement may take over 45 seconds.
 *
 * `-- contract: v1.2.0` in the first line says that since this release nothing uses what the migration takes away.
 * `-- brief: the table is small` above a statement says why its lock is short all the same. What concerns a table that
 * the same migration has created concerns nobody.
 */
export function policyViolations(sql: string): readonly string[] {
  const isContraction = /^-- contract: v\d+\.\d+\.\d+$/m.test(sql.split('\n')[0] ?? '');
  const statements = splitStatements(sql).map(readStatement);
  const created = new Set(statements.flatMap(({ code }) => CREATE_TABLE.exec(code)?.[1] ?? []));
  const isNew = ({ code }: Statement) => created.has(TABLE.exec(code)?.[1] ?? '');

  return statements.flatMap((statement) => {
    const applicable = rules.filter(
      ({ excuse }) => !(excuse === 'contract' && isContraction) && !(excuse === 'brief' && statement.isBrief),
    );
    const broken = applicable.filter(
      (rule) => rule.isBroken(statement.code, statement.text) && !('excuse' in rule && isNew(statement)),
    );
    return broken.map(({ says }) => `${says}: ${statement.code.slice(0, 80)}`);
  });
}

/** The tables that a migration creates, and does not let the application's role read and write. */
export function tablesWithoutGrant(sql: string): readonly string[] {
  const statements = splitStatements(sql).map(readStatement);
  const created = statements.flatMap(({ code }) => CREATE_TABLE.exec(code)?.[1] ?? []);
  const granted = statements.flatMap(({ code }) => GRANT.exec(code)?.[1]?.split(/,\s*/) ?? []);
  return created.filter((table) => !granted.includes(table) && !granted.includes('all tables in schema public'));
}

type Statement = { readonly text: string; readonly code: string; readonly isBrief: boolean };

/** Without comments and quotation marks, in small letters and on one line. */
function readStatement(text: string): Statement {
  const code = text
    .replace(/--.*$/gm, ' ')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replaceAll('"', '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
  return { text, code, isBrief: /^\s*-- brief: \S/m.test(text) };
}

const CREATE_TABLE = /^create (?:unlogged )?table (?:if not exists )?(?:public\.)?(\w+)/;
const TABLE =
  /^(?:alter table(?: if exists)?(?: only)?|(?:create(?: unique)? index(?: if not exists)?(?: \w+)? on)|update|delete from|insert into|truncate(?: table)?|lock(?: table)?) (?:public\.)?(\w+)/;
const GRANT = /^grant (?:all(?: privileges)?|select, insert.*?) on (?:table )?(.+?) to inventory_application$/;

type Rule = {
  readonly says: string;
  /** What a migration may say to be let through; without it there is no way. */
  readonly excuse?: 'contract' | 'brief';
  isBroken(code: string, text: string): boolean;
};

/** `code` holds none of the words of its default, its check or its body. */
const addsColumn = (code: string, type: RegExp) =>
  /^alter table/.test(code) &&
  actionsOf(code).some(
    (action) => /^add (?!constraint|check|unique|primary|foreign|exclude)/.test(action) && type.test(action),
  );

/** `ALTER TABLE t ADD a, DROP b` is two. */
function actionsOf(code: string): readonly string[] {
  const actions = code.replace(/^alter table (?:if exists )?(?:only )?\S+ /, '');
  return actions.split(/, (?=(?:add|drop|alter|rename|validate|set|attach|detach) )/);
}

const alters = (code: string, action: RegExp) =>
  /^alter table/.test(code) && actionsOf(code).some((each) => action.test(each));

const rules: readonly Rule[] = [
  {
    says: 'A statement is longer than the Data API takes',
    isBroken: (_, text) => text.length >= LONGEST_STATEMENT,
  },
  {
    says: 'A migration is one transaction already',
    isBroken: (code) => /^(begin|commit|rollback|start transaction|savepoint)\b/.test(code),
  },
  {
    says: 'What cannot run in a transaction cannot run here',
    isBroken: (code) => /\bconcurrently\b|^vacuum\b|^(create|drop) database\b|^alter system\b/.test(code),
  },
  {
    says: 'The release that still serves may use what is dropped',
    excuse: 'contract',
    isBroken: (code) =>
      /^drop (?!function|trigger|policy)/.test(code) ||
      alters(code, /^drop (column )?(?!constraint|not null|default)\w/),
  },
  {
    says: 'The release that still serves knows the old name',
    isBroken: (code) => /^alter (table|index|view|sequence|type|schema)\b.*\brename\b/.test(code),
  },
  {
    says: 'The release that still serves writes rows without the new column',
    excuse: 'contract',
    isBroken: (code) =>
      addsColumn(code, /\bnot null\b/) &&
      actionsOf(code).some((each) => /\bnot null\b/.test(each) && !/\bdefault\b|\bgenerated\b/.test(each)),
  },
  {
    says: 'The release that still serves may write what is no longer allowed',
    excuse: 'contract',
    isBroken: (code) => alters(code, /^alter (column )?\w+ (set not null|drop default)/),
  },
  {
    says: 'Every row is written anew under a lock that nobody passes',
    excuse: 'brief',
    isBroken: (code) =>
      alters(code, /^alter (column )?\w+ (set data )?type\b/) ||
      addsColumn(
        code,
        /\bdefault\b.*(random|clock_timestamp|nextval|uuid_generate|timeofday)|\bgenerated\b|\bserial\b|\bbigserial\b/,
      ) ||
      /^(cluster|reindex|truncate|lock)\b/.test(code) ||
      alters(code, /^set (logged|unlogged|tablespace|access method)/),
  },
  {
    says: 'Every row is read under a lock that writers wait for; add it NOT VALID and validate it in a later migration',
    excuse: 'brief',
    isBroken: (code) =>
      alters(code, /^add (constraint \w+ )?(check|foreign key)\b(?!.*\bnot valid\b)/) ||
      alters(code, /^add (constraint \w+ )?(unique|primary key|exclude)\b(?!.*\busing index\b)/) ||
      addsColumn(code, /\breferences\b|\bunique\b|\bcheck\b/),
  },
  {
    says: 'Writers wait while an index is built',
    excuse: 'brief',
    isBroken: (code) => /^create (unique )?index\b/.test(code),
  },
  {
    says: 'Rows that the application writes are locked until the migration ends',
    excuse: 'brief',
    isBroken: (code) => /^(update|delete from)\b/.test(code),
  },
];
