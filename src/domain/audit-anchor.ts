import type { AuditLink } from './audit-chain.ts';

/** Head of the chain as somebody wrote it down elsewhere; without a sequence only its hash is known. */
export type AuditAnchor = { sequence: number | null; hash: string };

const MARK = 'hs-audit-1';
const LINE = /^hs-audit-1 (\d{1,15}) ([0-9a-f]{64}) \d{4}-\d\d-\d\dT\S+Z$/;
const HASH = /^[0-9a-f]{64}$/;

/** One line: format, rows sealed so far, hash of the last of them, when this was read. */
export function anchorLine({ sequence, hash }: AuditLink, at: Date): string {
  return `${MARK} ${String(sequence)} ${hash} ${at.toISOString()}`;
}

/** Reads a line of `anchorLine`, or a hash alone. Undefined: neither. */
export function parseAnchor(text: string): AuditAnchor | undefined {
  const trimmed = text.trim();
  const [, sequence, hash] = LINE.exec(trimmed) ?? [];
  if (sequence !== undefined && hash !== undefined) return { sequence: Number(sequence), hash };
  return HASH.test(trimmed.toLowerCase()) ? { sequence: null, hash: trimmed.toLowerCase() } : undefined;
}

/**
 * `stands`: the chain has this hash in its place. `differs`: another one. `missing`: the chain ends before it, or has the hash nowhere.
 * `pruned`: retention removed the row, so that nothing can be said.
 */
export type AnchorState = 'stands' | 'differs' | 'missing' | 'pruned';

export type AnchorVerdict = AuditAnchor & { state: AnchorState };

export type AnchorJudge = { see(link: AuditLink): void; verdicts(begin: AuditLink, end: AuditLink): AnchorVerdict[] };

/** Compares anchors with a chain that is read once from `begin`, the link before its first row, to `end`, its last. */
export function judgeAnchors(anchors: readonly AuditAnchor[]): AnchorJudge {
  const wantedPlaces = new Set(anchors.map(({ sequence }) => sequence));
  const wantedHashes = new Set(anchors.filter(({ sequence }) => sequence === null).map(({ hash }) => hash));
  const places = new Map<number, string>();
  const hashes = new Set<string>();
  const see = ({ sequence, hash }: AuditLink): void => {
    if (wantedPlaces.has(sequence)) places.set(sequence, hash);
    if (wantedHashes.has(hash)) hashes.add(hash);
  };
  const stateOf = ({ sequence, hash }: AuditAnchor, begin: AuditLink, end: AuditLink): AnchorState => {
    if (sequence === null) return hashes.has(hash) ? 'stands' : 'missing';
    if (sequence > end.sequence) return 'missing';
    const found = places.get(sequence);
    if (found === undefined) return sequence < begin.sequence ? 'pruned' : 'missing';
    return found === hash ? 'stands' : 'differs';
  };
  return {
    see,
    verdicts: (begin, end) => {
      see(begin);
      return anchors.map((anchor) => ({ ...anchor, state: stateOf(anchor, begin, end) }));
    },
  };
}
