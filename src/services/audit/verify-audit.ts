import type { Knex } from 'knex';

import { judgeAnchors, type AnchorVerdict, type AuditAnchor } from '../../domain/audit-anchor.ts';
import { BEFORE_FIRST, checkLink, type AuditLink, type ChainFinding } from '../../domain/audit-chain.ts';
import { findLastCut, findReplacements, streamAuditChain, type ChainReplacement } from '../../db/queries/audit-chain.ts';
import { readSnapshot } from '../../db/queries/read-snapshot.ts';

export type AuditFinding = Omit<ChainFinding, 'code'> & { code: ChainFinding['code'] | `anchor_${'differs' | 'missing' | 'pruned'}` };

export type VerifiedAudit = {
  intact: boolean;
  rows: number;
  /** Place of the first row that is there, 0 where there is none. More than 1: retention removed those before it. */
  first_sequence: number;
  head: AuditLink;
  anchors: AnchorVerdict[];
  /** How many things are wrong; `findings` names the first of them. */
  finding_count: number;
  findings: AuditFinding[];
};

export type VerifyAuditOptions = {
  anchors: readonly AuditAnchor[];
  /** Most findings that are named. */
  limit: number;
  signal: AbortSignal;
};

/** Recomputes the chain of audit rows as of one moment, here and not by functions of the database, and compares it with anchors. */
export async function verifyAudit(knex: Knex, { anchors: given, limit, signal }: VerifyAuditOptions): Promise<VerifiedAudit> {
  return readSnapshot(knex, async (snapshot) => {
    const replacements = given.length === 0 ? [] : await findReplacements(snapshot);
    const found = createFindings(limit);
    const judge = judgeAnchors(given);
    const walk = await walkChain(snapshot, (link, finding) => {
      signal.throwIfAborted();
      if (finding !== undefined) found.add(finding);
      if (link !== undefined) judge.see(link);
    });
    const anchors = judge.verdicts(walk.begin, walk.head);
    for (const finding of anchorFindings(anchors, replacements)) found.add(finding);
    const first_sequence = walk.rows === 0 ? 0 : walk.begin.sequence + 1;
    return { intact: found.count() === 0, rows: walk.rows, first_sequence, head: walk.head, anchors, ...found.result() };
  });
}

/** `begin`: the link before the first row; `head`: the last one. */
type Walk = { rows: number; begin: AuditLink; head: AuditLink };

/** Calls `onRow` with every row's own link, where it has one, and with what is wrong with it. */
async function walkChain(snapshot: Knex, onRow: (link: AuditLink | undefined, finding: ChainFinding | undefined) => void): Promise<Walk> {
  const cut = await findLastCut(snapshot);
  const walk: Walk = { rows: 0, begin: BEFORE_FIRST, head: BEFORE_FIRST };
  for await (const row of streamAuditChain(snapshot)) {
    walk.rows += 1;
    if (walk.rows === 1) walk.begin = walk.head = beginOf(row.sequence, cut?.through);
    const finding = checkLink(walk.head, row);
    const link = row.sequence === null || row.hash === null ? undefined : { sequence: row.sequence, hash: row.hash };
    onRow(link, finding);
    walk.head = link ?? walk.head;
  }
  return walk;
}

/** Rows before the first are gone honestly when a later audit row says so, up to right there. */
function beginOf(first: number | null, through: AuditLink | undefined): AuditLink {
  return through !== undefined && first === through.sequence + 1 ? through : BEFORE_FIRST;
}

type Findings = {
  add(finding: AuditFinding): void;
  count(): number;
  result(): Pick<VerifiedAudit, 'finding_count' | 'findings'>;
};

function createFindings(limit: number): Findings {
  const findings: AuditFinding[] = [];
  let count = 0;
  return {
    add: (finding) => {
      count += 1;
      if (findings.length < limit) findings.push(finding);
    },
    count: () => count,
    result: () => ({ finding_count: count, findings }),
  };
}

/** A row that retention removed is no finding beside a later anchor that stands: that one is made from it. */
function* anchorFindings(anchors: readonly AnchorVerdict[], replacements: readonly ChainReplacement[]): Iterable<AuditFinding> {
  const stands = anchors.some(({ state }) => state === 'stands');
  for (const { state, sequence, hash } of anchors) {
    if (state === 'stands' || (state === 'pruned' && stands)) continue;
    const message = `${anchorText(state, sequence, hash)}${replacedText(sequence, replacements)}`;
    yield { code: `anchor_${state}`, sequence, id: null, message };
  }
}

function anchorText(state: 'differs' | 'missing' | 'pruned', sequence: number | null, hash: string): string {
  if (sequence === null) return `no row has the anchored hash ${hash.slice(0, 12)}…`;
  const place = `place ${String(sequence)}`;
  if (state === 'differs') return `the row at ${place} is another one than was anchored`;
  if (state === 'missing') return `there was a row at ${place} when it was anchored, and there is none now`;
  return `retention removed the anchored row at ${place}, and no later anchor is given: nothing is proved`;
}

/** A restore ends the chain that was there: what came after the backup is not in it. */
function replacedText(sequence: number | null, replacements: readonly ChainReplacement[]): string {
  const found = replacements.find(({ replaced }) => sequence !== null && sequence <= replaced.sequence);
  if (found === undefined) return '';
  return `; row ${String(found.id)} says that ${found.actor} restored a backup over it at ${found.timestamp.toISOString()}`;
}
