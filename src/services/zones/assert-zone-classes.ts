import type { Knex } from 'knex';
import { findUnmatchedWords } from '../../db/queries/unmatched-words.ts';
import { COCO_LABELS } from '../../domain/coco-labels.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { nearestName } from '../../lib/nearest-name.ts';

const GROUPS = ['vehicle', 'animal', 'other'];

/** Throws a usage error for a class that no detector, setting or detection knows: a misspelt one would quietly never match. */
export async function assertZoneClasses(knex: Knex, classes: readonly string[], keptClasses: readonly string[]): Promise<void> {
  const known = [...new Set([...keptClasses, 'motion', ...GROUPS, ...COCO_LABELS])];
  const foreign = classes.filter((name) => !known.includes(name));
  if (foreign.length === 0) return;
  const [unknown] = await findUnmatchedWords(knex, 'detections.object_type', foreign);
  if (unknown === undefined) return;
  const meant = nearestName(unknown, known);
  throw new UsageError(`there is no class ${JSON.stringify(unknown)}`, {
    code: 'class_unknown',
    hint: meant === undefined ? `classes that are kept: ${keptClasses.join(', ')}` : `did you mean ${meant}?`,
  });
}
