import { describe, expect, test } from 'vitest';
import { familyDiagram } from '../../../scripts/schema-page/diagram.ts';
import { assertFamilies } from '../../../scripts/schema-page/families.ts';
import { schemaPage } from '../../../scripts/schema-page/page.ts';
import { readableSql } from '../../../scripts/schema-page/readable-sql.ts';
import type { Column, ForeignKey, Schema, Table } from '../../../scripts/schema-page/read-schema.ts';

const column = (name: string, type = 'bigint'): Column => ({ name, type, nullable: false, default: null, comment: null });

const table = (name: string, columns: Column[], foreignKeys: ForeignKey[] = []): Table => ({
  name,
  comment: '',
  partitions: null,
  columns,
  keys: [{ name: `${name}_pkey`, text: 'PRIMARY KEY (id)' }],
  foreignKeys,
  checks: [],
  indexes: [],
  triggers: [],
});

const key = (part: Partial<ForeignKey>): ForeignKey => ({
  name: 'fk',
  table: 'child',
  columns: ['parent_id'],
  parent: 'parent',
  parentColumns: ['id'],
  onDelete: 'CASCADE',
  optional: false,
  unique: false,
  ...part,
});

describe('a diagram', () => {
  test('is not made of tables that refer to nothing', () => {
    const schema: Schema = { tables: [table('alone', [column('id')])], functions: [] };
    expect(familyDiagram(schema, { title: 'x', tables: ['alone'] })).toBeUndefined();
  });

  test('shows keys, and how many rows may stand at each end', () => {
    const keys = [
      key({}),
      key({ parent: 'other', columns: ['other_id', 'other_at'], optional: true, unique: true, onDelete: 'SET NULL' }),
      key({ parent: 'runs', columns: ['run_id'], onDelete: 'NO ACTION' }),
    ];
    const columns = [column('id', 'uuid'), column('parent_id'), column('other_at', 'timestamp(3) with time zone'), column('name', 'text')];
    const child = table('child', columns, [...keys.slice(0, 1), key({ columns: ['other_id', 'other_at'] }), ...keys.slice(2)]);
    const schema: Schema = { tables: [{ ...child, foreignKeys: keys }, table('parent', [column('id')])], functions: [] };
    expect(familyDiagram(schema, { title: 'x', tables: ['child', 'parent'] })).toBe(
      [
        'erDiagram',
        '  parent ||--o{ child : "parent_id, cascade"',
        '  other |o--o| child : "other_id + other_at, set null"',
        '  runs ||--o{ child : "run_id"',
        '  child {',
        '    uuid id PK',
        '    bigint parent_id FK',
        '    timestamptz(3) other_at FK',
        '  }',
        '  parent {',
        '    bigint id PK',
        '  }',
      ].join('\n'),
    );
  });
});

describe('families', () => {
  test.each([
    [['a', 'b'], [{ title: 'x', tables: ['a'] }], 'b belongs to no family'],
    [['a'], [{ title: 'x', tables: ['a', 'b'] }], 'there is no table b'],
    [
      ['a'],
      [
        { title: 'x', tables: ['a'] },
        { title: 'y', tables: ['a'] },
      ],
      'a is named twice',
    ],
  ])('of %j in %j: %s', (tables, families, message) => {
    expect(() => {
      assertFamilies(tables, families);
    }).toThrow(message);
  });

  test('a page without its tables is not made', () => {
    expect(() => schemaPage({ tables: [], functions: [] })).toThrow('there is no table cameras');
  });
});

test.each([
  ['', ''],
  [`CHECK ((status = ANY (ARRAY['a'::text, 'b'::text])))`, `CHECK (status IN ('a', 'b'))`],
  [`CHECK (((kind)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))`, `CHECK (kind IN ('a', 'b'))`],
  [`CHECK (((status <> ALL (ARRAY['a'::text])) OR (x IS NULL)))`, `CHECK ((status NOT IN ('a')) OR (x IS NULL))`],
  ['CHECK (((a >= (0)::double precision) AND (a <= (1)::double precision)))', 'CHECK ((a >= 0) AND (a <= 1))'],
  [`CHECK ((a < 'Infinity'::double precision))`, `CHECK (a < 'Infinity')`],
  [`'it''s'::character varying(20)`, `'it''s'`],
  [`'{a,b}'::text[]`, `'{a,b}'::text[]`],
  ['starts_with(a, b)', 'starts_with(a, b)'],
])('reads %j as %j', (text, readable) => {
  expect(readableSql(text)).toBe(readable);
});
