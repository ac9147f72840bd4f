/** Stands in every payload that is text: where it turns up in the text of a statement, a payload became SQL. */
export const MARK = 'zq9x';

const STATEMENTS = [
  `SELECT 1 AS ${MARK}`,
  `DROP TABLE hs_canary --${MARK}`,
  `UPDATE hs_canary SET note = '${MARK}'`,
  `CREATE TABLE ${MARK} (a integer)`,
  `SELECT pg_sleep(9) --${MARK}`,
];

/** Ways out of a literal, an identifier, a list, a comment or a dollar quote. */
const BREAKOUTS: ((sql: string) => string)[] = [
  (sql) => `'; ${sql}; --`,
  (sql) => `"; ${sql}; --`,
  (sql) => `1; ${sql}`,
  (sql) => `1); ${sql}; --`,
  (sql) => `\\'; ${sql}; --`,
  (sql) => `$$; ${sql}; $$`,
  (sql) => `*/; ${sql}; /*`,
  (sql) => `x' UNION ${sql} --`,
  (sql) => `(${sql})`,
  (sql) => `id desc; ${sql}`,
];

const TEXTS = [
  `' OR '1'='1' --${MARK}`,
  `" OR ""="" --${MARK}`,
  `id, (SELECT current_user) AS ${MARK}`,
  `started_at desc nulls first, ${MARK}`,
  `-CASE WHEN true THEN 1 ELSE ${MARK} END`,
  `${MARK}::regclass`,
  `%${MARK}%`,
  `_${MARK}\\`,
  `${MARK}*?[!a]`,
  `? ${MARK} ??`,
  `:${MARK} \\? $1 :limit:`,
  `{"${MARK}": [1, {"a": "'"}]}`,
  `["${MARK}"]`,
  `{${MARK},"a`,
  `(${MARK},)`,
  `${MARK} & | ! ( <-> :*`,
  `"${MARK}`,
  `((((${MARK}`,
  `E'\\x27${MARK}'`,
  `U&"\\0027${MARK}"`,
  `＇ OR 1=1 --${MARK}`,
  `ʼ${MARK}ʼ`,
  `${MARK}\u202e'--`,
  `${MARK}\n;SELECT 1`,
  `${MARK}\r\t\u0001`,
  `{{constructor.${MARK}}}`,
  `__proto__ ${MARK}`,
  `${MARK}${'a'.repeat(5000)}`,
  `🦊'${MARK}`,
  `pg_catalog.pg_user ${MARK}`,
];

/** No marks, as they are to be taken for numbers, times and ids: what they can do is an error of the server. */
const VALUES = [
  '-1',
  '0',
  '1e3',
  '1e999',
  '0x10',
  'NaN',
  'Infinity',
  '-Infinity',
  '9223372036854775807',
  '9223372036854775808',
  '99999999999999999999999',
  '1.5',
  '2147483648',
  'infinity',
  'epoch',
  '294277-01-01',
  '0001-01-01',
  '-9999d',
  '99999999999d',
  '00000000-0000-0000-0000-000000000000',
];

/** A hundred texts that want to be SQL, or to be more than the database can hold. */
export const SQL_PAYLOADS: readonly string[] = [
  ...STATEMENTS.flatMap((sql) => BREAKOUTS.map((breakOut) => breakOut(sql))),
  ...TEXTS,
  ...VALUES,
];
