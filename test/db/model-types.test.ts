import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

const MODELS = fileURLToPath(new URL('../../src/db/models/', import.meta.url));
const DESIGN_TEXT = fileURLToPath(new URL('../../../shared/design/schema.md', import.meta.url));
const haveText = existsSync(DESIGN_TEXT);

const NAMES =
  `Camera, Detection, Event, EventAudit, EventDetection, EventFeedback, FeedbackType, Alert, AlertRule, AlertSeverity, AlertStatus,
   NotificationPreferences, CameraNotificationSetting, QuietHoursPeriod, RiskLevel, NotificationSound, DayOfWeek, UserCalibration,
   Zone, CameraZone, ZoneType, ZoneShape, ActivityBaseline, ClassBaseline, AuditLog, AuditAction, AuditStatus, GPUStats, Log,
   PromptConfig, PromptVersion, AIModel, SceneChange, SceneChangeType, Severity, CameraStatus, Entity, EntityType, TrustStatus,
   ExportJob, ExportJobStatus, ExportType, Job, JobStatus, JobAttempt, JobAttemptStatus, JobLog, LogLevel, JobTransition,
   JobTransitionTrigger`
    .split(',')
    .map((name) => name.trim());

let own: TestDatabase;
let columns: Map<string, Column[]>;
let program: ts.Program;
let checker: ts.TypeChecker;

beforeAll(async () => {
  own = await createTestDatabase();
  columns = await readColumns();
  const files = [...columns.keys()].map(fileOf).filter((file) => existsSync(file));
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: ['node'],
  };
  program = ts.createProgram([path.join(MODELS, 'index.ts'), ...files], options);
  checker = program.getTypeChecker();
});

afterAll(async () => {
  await own.drop();
});

type Column = { name: string; type: string; nullable: boolean; values: string[] };

async function readColumns(): Promise<Map<string, Column[]>> {
  const { rows } = await own.knex.raw<{
    rows: { table: string; name: string; type: string; nullable: boolean; condition: string | null }[];
  }>(`
    SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type, NOT a.attnotnull AS nullable,
           (SELECT string_agg(pg_get_constraintdef(k.oid), '') FROM pg_constraint k
             WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum]
               AND pg_get_constraintdef(k.oid) ~ 'ANY \\(+ARRAY|<@ ARRAY') AS condition
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relname NOT LIKE 'knex_migrations%'`);
  const tables = new Map<string, Column[]>();
  for (const { table, condition, ...column } of rows) {
    const values = [...(condition ?? '').matchAll(/'([^']+)'::(?:text|character varying)/g)].map((match) => match[1]!);
    tables.set(table, [...(tables.get(table) ?? []), { ...column, values }]);
  }
  return tables;
}

function fileOf(table: string): string {
  return path.join(MODELS, `${table.replaceAll('_', '-')}.ts`);
}

const PLURAL_ROWS = new Set(['gpu_stats', 'notification_preferences']);

function rowTypeName(table: string): string {
  const singular = PLURAL_ROWS.has(table) ? table : table.replace(/ies$/, 'y').replace(/s$/, '');
  return `${singular.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Row`;
}

function exportsOf(file: string): Map<string, ts.Type> {
  const source = program.getSourceFile(file);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  return new Map((module === undefined ? [] : checker.getExportsOfModule(module)).map((symbol) => [symbol.name, typeOf(symbol)]));
}

function typeOf(symbol: ts.Symbol): ts.Type {
  return checker.getDeclaredTypeOfSymbol(symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
}

const SQL_KINDS: Readonly<Record<string, string>> = {
  bigint: 'number',
  integer: 'number',
  smallint: 'number',
  date: 'Date',
  tstzmultirange: 'string',
  'double precision': 'number',
  text: 'string',
  'character varying': 'string',
  uuid: 'string',
  'time without time zone': 'string',
  boolean: 'boolean',
  'timestamp with time zone': 'Date',
  bytea: 'bytes',
  tsvector: 'string',
};

/** What a value of the column is read as; jsonb is anything. */
function expectedKind({ type, nullable, values }: Column): string {
  const base = type.replace('[]', '');
  const kind = values.length > 0 ? [...values].sort().join(' | ') : (SQL_KINDS[base] ?? 'json');
  return `${type.endsWith('[]') ? `(${kind})[]` : kind}${nullable ? ' | null' : ''}`;
}

function kindOf(type: ts.Type, column: Column): string {
  const nullable = column.type === 'jsonb' && type.flags & ts.TypeFlags.Unknown ? column.nullable : isNullable(type);
  return `${plainKindOf(checker.getNonNullableType(type), column)}${nullable ? ' | null' : ''}`;
}

function isNullable(type: ts.Type): boolean {
  return type.isUnion() && type.types.some((member) => member.flags & ts.TypeFlags.Null);
}

function plainKindOf(type: ts.Type, column: Column): string {
  if (column.type === 'jsonb') return 'json';
  const members = type.isUnion() ? type.types : [type];
  if (members.every((member) => member.isStringLiteral()))
    return members
      .map((member) => member.value)
      .sort()
      .join(' | ');
  if (members.every((member) => member.flags & ts.TypeFlags.NumberLike)) return 'number';
  if (members.every((member) => member.flags & ts.TypeFlags.StringLike)) return 'string';
  if (members.every((member) => member.flags & ts.TypeFlags.BooleanLike)) return 'boolean';
  const element = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference)[0] : undefined;
  if (element !== undefined) return `(${plainKindOf(element, column)})[]`;
  const name = type.symbol.name;
  return name === 'Buffer' || name === 'Uint8Array' ? 'bytes' : name;
}

test('the models are known by the names of the specification, each a type that exists (schema §1.3)', () => {
  const found = exportsOf(path.join(MODELS, 'index.ts'));
  expect([...found.keys()].sort()).toEqual([...NAMES].sort());
  expect([...found].filter(([, type]) => type.flags & ts.TypeFlags.Any).map(([name]) => name)).toEqual([]);
});

test.skipIf(!haveText)(
  `the names are those of the design${haveText ? '' : ' (skipped: no ../shared/design/schema.md beside this checkout)'}`,
  () => {
    const [, names = '', more = ''] = /exports the spec's list: `([^`]+)`, plus `(\w+)`/.exec(readFileSync(DESIGN_TEXT, 'utf8')) ?? [];
    expect([...names.split(', '), more].sort()).toEqual([...NAMES].sort());
  },
);

test('there is one module per table, named after it, with its row type', () => {
  const without = [...columns.keys()].filter((table) => !exportsOf(fileOf(table)).has(rowTypeName(table)));
  expect(without).toEqual([]);
});

/** Only the server reads it. */
const NOT_READ = new Set(['events.search_vector']);

test('every row type has exactly the columns of its table, with their types, values and nulls', () => {
  const wrong = [...columns].flatMap(([table, tableColumns]) => {
    const row = exportsOf(fileOf(table)).get(rowTypeName(table));
    if (row === undefined) return [`${table}: no row type`];
    const fields = new Map(checker.getPropertiesOfType(row).map((field) => [field.name, checker.getTypeOfSymbol(field)]));
    const told = tableColumns.flatMap((column) => {
      const type = fields.get(column.name);
      fields.delete(column.name);
      if (type === undefined) return NOT_READ.has(`${table}.${column.name}`) ? [] : [`${table}.${column.name}: not in the row type`];
      const [expected, kind] = [expectedKind(column), kindOf(type, column)];
      return kind === expected ? [] : [`${table}.${column.name}: stored ${expected}, typed ${kind}`];
    });
    return [...told, ...[...fields.keys()].map((name) => `${table}.${name}: no such column`)];
  });
  expect(wrong).toEqual([]);
});
