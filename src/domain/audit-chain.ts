import { createHash } from 'node:crypto';

/** A place in the chain of audit rows and the hash that was made there; sequence 0 is before the first row. */
export type AuditLink = { sequence: number; hash: string };

export const BEFORE_FIRST: AuditLink = { sequence: 0, hash: '0'.repeat(64) };

/** One row as the chain sees it. `fields` are all its columns but those of the chain, as PostgreSQL writes them as text. */
export type ChainedRow = { id: string; sequence: number | null; hash: string | null; fields: readonly (string | null)[] };

export type ChainFinding = {
  code: 'changed' | 'missing' | 'repeated' | 'unsealed';
  /** Of the row that is wrong or, where rows are missing, the first that is. */
  sequence: number | null;
  /** Of the row; null where it is missing. */
  id: string | null;
  message: string;
};

/** The hash that the database makes of this row (`audit_log_hash`): a null is `-`, all else its length in bytes, a colon and the text. */
export function hashAuditRow({ hash }: AuditLink, sequence: number, fields: readonly (string | null)[]): string {
  const parts = [hash, String(sequence), ...fields].map((field) => (field === null ? '-' : `${String(Buffer.byteLength(field))}:${field}`));
  return createHash('sha256').update(parts.join(',')).digest('hex');
}

/**
 * What is wrong with a row that comes after `previous`, in the order of sequences with unsealed rows last. A row after a hole cannot be
 * recomputed, as the hash before it is gone: the hole is told.
 */
export function checkLink(previous: AuditLink, { id, sequence, hash, fields }: ChainedRow): ChainFinding | undefined {
  if (sequence === null || hash === null) return { code: 'unsealed', sequence, id, message: `row ${id} was never sealed` };
  const due = previous.sequence + 1;
  if (sequence < due) return { code: 'repeated', sequence, id, message: `row ${id} has place ${String(sequence)}, which another row has` };
  if (sequence > due) return { code: 'missing', sequence: due, id: null, message: missingText(due, sequence - 1) };
  if (hashAuditRow(previous, sequence, fields) === hash) return undefined;
  return { code: 'changed', sequence, id, message: `row ${id} at place ${String(sequence)} is not what was sealed there` };
}

function missingText(first: number, last: number): string {
  return first === last
    ? `the row at place ${String(first)} is missing`
    : `the rows at places ${String(first)} to ${String(last)} are missing`;
}
