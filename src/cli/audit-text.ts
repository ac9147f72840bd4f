import { counted } from '../lib/counted.ts';
import { visibleText } from './visible-text.ts';

type Verified = {
  intact: boolean;
  rows: number;
  first_sequence: number;
  head: { sequence: number; hash: string };
  anchors: readonly { state: string }[];
  finding_count: number;
  findings: readonly { message: string }[];
};

/** A line for each thing that is wrong. */
export function auditFindingLines({ findings, finding_count: count }: Verified): string[] {
  const lines = findings.map(({ message }) => visibleText(`wrong: ${message}`));
  return count > findings.length ? [...lines, `… and ${String(count - findings.length)} more`] : lines;
}

/** What the log is worth, in words. */
export function verifiedAuditText(verified: Verified): string {
  const { intact, rows, first_sequence: first, head, finding_count: count } = verified;
  if (!intact) return `not intact: ${counted(count, 'finding')} in ${counted(rows, 'row')}`;
  const pruned = first > 1 ? `, ${counted(first - 1, 'older row')} removed by retention` : '';
  return `intact: ${counted(rows, 'row')}${pruned}, head ${String(head.sequence)} ${head.hash}; ${anchorText(verified)}`;
}

function anchorText({ anchors }: Verified): string {
  if (anchors.length === 0) return 'without an anchor rows removed at its end are not seen';
  return `${String(anchors.filter(({ state }) => state === 'stands').length)} of ${counted(anchors.length, 'anchor')} proved`;
}
