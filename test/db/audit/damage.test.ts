import type { Knex } from 'knex';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditAnchor } from '../../../src/domain/audit-anchor.ts';
import { insertAuditLog } from '../../../src/db/models/audit-logs.ts';
import { readAuditHead } from '../../../src/db/queries/audit-chain.ts';
import { verifyAudit, type VerifiedAudit } from '../../../src/services/audit/verify-audit.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { DAMAGES, type Damage } from './damages.ts';

const ROUNDS = 100;
const ROWS = 45;

let db: TestDatabase;
let anchor: AuditAnchor;

beforeAll(async () => {
  db = await createTestDatabase();
  for (let n = 1; n <= ROWS; n += 1) {
    const details = n % 3 === 0 ? { n, 'ключ "x"': [null, 1.5, '🦊,3:a'] } : {};
    const resource_id = n % 2 === 0 ? `thing:${String(n)}` : null;
    await insertAuditLog(db.knex, { action: 'settings_changed', resource_type: 'x', resource_id, actor: `a${String(n % 4)}`, details });
  }
  anchor = await readAuditHead(db.knex);
  await db.knex.raw('CREATE TABLE sealed AS TABLE audit_logs');
});

afterAll(() => db.drop());

const verify = (anchors: readonly AuditAnchor[]): Promise<VerifiedAudit> =>
  verifyAudit(db.knex, { anchors, limit: 3, signal: new AbortController().signal });

async function damage(knex: Knex, act: Damage, round: number): Promise<void> {
  await knex.transaction(async (trx) => {
    await trx.raw('ALTER TABLE audit_logs DISABLE TRIGGER USER; DELETE FROM audit_logs; INSERT INTO audit_logs SELECT * FROM sealed');
    await act(trx, round);
    await trx.raw('ALTER TABLE audit_logs ENABLE TRIGGER USER');
  });
}

/** How many of the rounds are found, without and with the anchor; findings of the chain itself come before those of anchors. */
async function foundOf(act: Damage): Promise<{ alone: number; anchored: number }> {
  const found = { alone: 0, anchored: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    await damage(db.knex, act, round);
    const { intact, findings } = await verify([anchor]);
    if (!intact) found.anchored += 1;
    if (findings.some(({ code }) => !code.startsWith('anchor_'))) found.alone += 1;
  }
  return found;
}

test('what nobody touched is intact, and its anchor stands', async () => {
  await damage(db.knex, () => Promise.resolve(), 0);
  expect(await verify([anchor, { sequence: null, hash: anchor.hash }, { sequence: 0, hash: '0'.repeat(64) }])).toMatchObject({
    intact: true,
    rows: ROWS,
    first_sequence: 1,
    head: anchor,
    anchors: [{ state: 'stands' }, { state: 'stands' }, { state: 'stands' }],
    findings: [],
  });
});

/** What is right in itself again cannot be told from the true log without something from outside. */
const SEEN_ALONE: Readonly<Record<string, number>> = {
  modify: ROUNDS,
  delete: ROUNDS,
  insert: ROUNDS,
  swap: ROUNDS,
  'tail cut': 0,
  rewrite: 0,
};

test.each(Object.entries(DAMAGES))(`${String(ROUNDS)} of ${String(ROUNDS)} are found with the anchor: %s`, async (name, act) => {
  const found = await foundOf(act);
  expect(found.anchored).toBe(ROUNDS);
  expect(found.alone, 'without the anchor').toBe(SEEN_ALONE[name]);
});

test('a finding names the row and its place', async () => {
  await damage(db.knex, (trx) => trx('audit_logs').where('sequence', 7).update({ actor: 'mallory' }), 0);
  expect((await verify([])).findings).toEqual([
    { code: 'changed', sequence: 7, id: '7', message: 'row 7 at place 7 is not what was sealed there' },
  ]);
  await damage(db.knex, (trx) => trx('audit_logs').whereBetween('sequence', [1, 2]).delete(), 0);
  expect((await verify([])).findings).toMatchObject([{ code: 'missing', sequence: 1, message: 'the rows at places 1 to 2 are missing' }]);
  await damage(db.knex, (trx) => trx('audit_logs').delete(), 0);
  expect((await verify([anchor])).findings).toMatchObject([{ code: 'anchor_missing', sequence: ROWS }]);
});

test('more findings than are named are counted', async () => {
  await damage(db.knex, (trx) => trx('audit_logs').update({ actor: 'mallory' }), 0);
  const found = await verify([]);
  expect(found).toMatchObject({ intact: false, finding_count: ROWS });
  expect(found.findings).toHaveLength(3);
});
