import type { Knex } from 'knex';
import { findUnmatchedWords } from '../../db/queries/unmatched-words.ts';
import { COCO_LABELS } from '../../domain/coco-labels.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { nearestName } from '../../lib/nearest-name.ts';

/**
 * Throws a usage error for a class that neither a detector's labels, the settings nor any detection knows: a misspelt one must not
 * look like one that was never seen.
 */
export async function assertKnownClasses(knex: Knex, types: readonly string[] | undefined, keptClasses: readonly string[]): Promise<void> {
  const known = [...new Set([...keptClasses, 'motion', ...COCO_LABELS])];
  const foreign = (types ?? []).filter((type) => !known.includes(type));
  if (foreign.length === 0) return;
  const [unknown] = await findUnmatchedWords(knex, 'detections.object_type', foreign);
  if (unknown === undefined) return;
  const meant = nearestName(unknown, known);
  throw new UsageError(`--type: there is no class ${JSON.stringify(unknown)}`, {
    code: 'class_unknown',
    hint: meant === undefined ? `classes that are kept: ${keptClasses.join(', ')}` : `did you mean ${meant}?`,
  });
}
