import type { Knex } from 'knex';

import { insertPersonEmbedding, listMemberVectors } from '../../db/models/person-embeddings.ts';
import { similarityOf, type Appearance } from '../../domain/household/appearance.ts';
import { UsageError } from '../../errors/hs-error.ts';
import type { Embedder } from '../../inference/embedder.ts';
import { embedEventPerson } from '../entities/embed-event-person.ts';
import { embedPortrait } from '../entities/embed-portrait.ts';
import { findEmbedder, withEmbedder, type RecogniseSettings } from '../entities/recognise.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { auditHousehold } from './audit-household.ts';
import { getMember } from './get-household.ts';

export type EnrollOptions = {
  member: string;
  /** Pictures of the person. */
  images: readonly string[];
  /** An event the person was seen in. */
  eventId?: number | undefined;
  /** Which of several people in the event. */
  trackId?: number | undefined;
  /** Embedding model; else the most preferred installed one. */
  model?: string | undefined;
  settings: RecogniseSettings & { detector: { model?: string | undefined } };
  actor: string;
  dryRun: boolean;
  signal: AbortSignal;
};

/** A look of a person: `source` is the file or the crop. */
export type Look = { vector: Float32Array; confidence: number; source: string };

export type EnrolledMember = { id: number; name: string; model: string; added: number; known_before: number; pictures: number };

/** More alike is the same picture once more. */
const SAME_PICTURE = 0.9999;

/** Gives a member reference pictures to be recognised by. Throws a usage error for pictures without exactly one person to take. */
export async function enrollMember(knex: Knex, options: EnrollOptions): Promise<EnrolledMember> {
  if (options.images.length === 0 && options.eventId === undefined) {
    throw new UsageError('nothing says what the member looks like', { hint: 'give --image FILE or --from-event ID' });
  }
  const { household_id: householdId } = await getMember(knex, options.member);
  const model = await findEmbedder(options.settings, options.model);
  const modelId = model.card.id;
  if (!model.card.subjects.includes('person')) throw new UsageError(`model ${modelId} is not for people`, { code: 'model_unfit' });
  const looks = await withEmbedder(model, options.settings, (embedder) => findLooks(knex, embedder, options));
  return inTransaction(knex, options, async (trx) => {
    const { id, name } = await getMember(trx, options.member);
    const gallery = (await listMemberVectors(trx, { householdId, modelId })).filter(({ member_id }) => member_id === id);
    const known: Appearance[] = gallery.map(({ vector }) => ({ modelId, vector }));
    const added: Look[] = [];
    for (const look of looks) {
      const appearance = { modelId, vector: look.vector };
      if (known.some((each) => (similarityOf(each, appearance) ?? 0) >= SAME_PICTURE)) continue;
      known.push(appearance);
      added.push(look);
    }
    for (const { vector, confidence } of added) {
      const source = options.eventId === undefined ? {} : { source_event_id: options.eventId };
      await insertPersonEmbedding(trx, { member_id: id, model_id: modelId, vector: Array.from(vector), confidence, ...source });
    }
    const details = { enrolled: { model: modelId, event_id: options.eventId ?? null, sources: added.map(({ source }) => source) } };
    if (added.length > 0) await auditHousehold(trx, { type: 'household_member', id, actor: options.actor, details });
    return {
      id,
      name,
      model: modelId,
      added: added.length,
      known_before: looks.length - added.length,
      pictures: gallery.length + added.length,
    };
  });
}

async function findLooks(knex: Knex, embedder: Embedder, options: EnrollOptions): Promise<Look[]> {
  const looks: Look[] = [];
  for (const path of options.images) looks.push(await embedPortrait(path, { embedder, settings: options.settings }));
  if (options.eventId !== undefined) looks.push(...(await embedEventPerson(knex, { ...options, eventId: options.eventId, embedder })));
  return looks;
}
