import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Knex } from 'knex';

import { anchorLine, parseAnchor, type AuditAnchor } from '../../domain/audit-anchor.ts';
import type { AuditLink } from '../../domain/audit-chain.ts';
import { readDatabaseClock } from '../../db/database-clock.ts';
import { readAuditHead } from '../../db/queries/audit-chain.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';

const MAX_BYTES = 10_000_000;
const HINT = 'give a file with lines of `hs audit anchor`, one such line, or the hash alone';

/** What `--anchor` is given: a line of `hs audit anchor`, its hash, or a file of such lines. Throws UsageError `anchor_invalid`. */
export async function readAnchors(given: string): Promise<AuditAnchor[]> {
  const anchor = parseAnchor(given);
  return anchor === undefined ? readAnchorFile(resolve(given)) : [anchor];
}

async function readAnchorFile(path: string): Promise<AuditAnchor[]> {
  const lines = (await readSmall(path)).split('\n').map((text, index) => ({ text, number: index + 1 }));
  const anchors = lines
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, number }) => {
      const anchor = parseAnchor(text);
      if (anchor === undefined) throw invalid(`line ${String(number)} of ${path} is no anchor`);
      return anchor;
    });
  if (anchors.length === 0) throw invalid(`${path} holds no anchor`);
  return anchors;
}

async function readSmall(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) throw invalid(`there is no file ${path}`);
  if (found.size > MAX_BYTES) throw invalid(`${path} is too large to be a file of anchors`);
  return readFile(path, 'utf8');
}

function invalid(message: string): UsageError {
  return new UsageError(message, { code: 'anchor_invalid', hint: HINT });
}

export type WrittenAnchor = AuditLink & { at: string; line: string; path: string | null };

/** The head of the chain, to be kept elsewhere. With `out` its line is added to that file; a file that holds anything else is refused. */
export async function writeAnchor(knex: Knex, out: string | undefined): Promise<WrittenAnchor> {
  const path = out === undefined ? null : resolve(out);
  const before = path === null ? '' : await linesBefore(path);
  const [head, at] = [await readAuditHead(knex), await readDatabaseClock(knex)];
  const line = anchorLine(head, at);
  if (path !== null) await writeAtomically(path, [`${before}${line}\n`]);
  return { ...head, at: at.toISOString(), line, path };
}

async function linesBefore(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || (found.isFile() && found.size === 0)) return '';
  await readAnchorFile(path);
  const text = await readSmall(path);
  return text.endsWith('\n') ? text : `${text}\n`;
}
