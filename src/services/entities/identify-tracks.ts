import type { Knex } from 'knex';

import { listEntities, saveFoundEntities } from '../../db/models/entities.ts';
import { lockEntities, refreshEntityCounts, saveIdentityLinks, type IdentityLink } from '../../db/models/identity-links.ts';
import { streamSightings, type StoredSighting } from '../../db/queries/sightings.ts';
import { uuidV7 } from '../../db/uuid-v7.ts';
import { recencyMs } from '../../domain/household/assign-entity.ts';
import { createIdentifier, type Identifier, type Identity } from '../../domain/household/identify.ts';
import type { EmbeddingCard } from '../../inference/model-card.ts';
import { loadGalleries } from './load-galleries.ts';
import { toFound, toKnownEntity, toSighting } from './to-sighting.ts';

export type IdentifyTally = {
  /** Tracks that were looked at. */
  sightings: number;
  /** Of them, recognised as members of a household. */
  members: number;
  uncertain: number;
  entities_added: number;
  entities_removed: number;
  entities: number;
};

type IdentifyOptions = { card: EmbeddingCard };

/**
 * Says who the tracks are that nobody was found for yet, in the order of footage. Crops that a track got later go where the others went.
 * Entities that were seen before are compared as they are stored.
 */
export async function identifyNewTracks(trx: Knex.Transaction, { card }: IdentifyOptions): Promise<IdentifyTally> {
  await lockEntities(trx);
  const found: { link: IdentityLink; identity: Identity | null }[] = [];
  let identifier: Identifier | undefined;
  for await (const stored of streamSightings(trx, { modelId: card.id, isOpen: true })) {
    const inherited = linkOfTrack(stored);
    if (inherited) {
      found.push({ link: inherited, identity: null });
      continue;
    }
    const sighting = toSighting(stored, card.id);
    if (!sighting) continue;
    identifier ??= await openIdentifier(trx, { card, sinceMs: sighting.atMs });
    const identity = identifier.identify(sighting);
    found.push({ link: toLink(stored, identity), identity });
  }
  const before = new Set((await listEntities(trx, { filters: { types: card.subjects } })).map(({ id }) => id));
  const touched = new Set(found.flatMap(({ link }) => link.entityId ?? []));
  const changed = (identifier?.entities() ?? []).filter(({ id }) => touched.has(id));
  await saveFoundEntities(trx, changed.map(toFound));
  const links = found.map(({ link }) => link);
  await saveIdentityLinks(trx, links);
  await refreshEntityCounts(trx, [...touched]);
  const added = changed.filter(({ id }) => !before.has(id)).length;
  const identities = found.flatMap(({ identity }) => identity ?? []);
  return { ...tallyOf(identities), entities_added: added, entities_removed: 0, entities: before.size + added };
}

/** Counts of what was found. */
export function tallyOf(identities: readonly Identity[]): Pick<IdentifyTally, 'sightings' | 'members' | 'uncertain'> {
  return {
    sightings: identities.length,
    members: identities.filter(({ kind }) => kind === 'member').length,
    uncertain: identities.filter((identity) => identity.kind === 'entity' && identity.uncertain).length,
  };
}

/** Entities that the first sighting, or one after it, may be of. */
async function openIdentifier(knex: Knex, { card, sinceMs }: IdentifyOptions & { sinceMs: number }): Promise<Identifier> {
  const longestMs = Math.max(...card.subjects.map(recencyMs));
  const rows = await listEntities(knex, { filters: { types: card.subjects, since: new Date(sinceMs - longestMs) } });
  const known = rows.flatMap((row) => toKnownEntity(row, card.id) ?? []);
  return createIdentifier({ members: await loadGalleries(knex, card.id), known, threshold: card.threshold, newId: uuidV7 });
}

/** What the other crops of the track say already. */
function linkOfTrack(stored: StoredSighting): IdentityLink | undefined {
  const linked = stored.crops.find(({ entity_id, member_id }) => entity_id !== null || member_id !== null);
  if (!linked) return undefined;
  return {
    detectionIds: stored.crops.map(({ detection_id }) => detection_id),
    entityId: linked.entity_id,
    memberId: linked.member_id,
    similarity: stored.similarity,
    uncertain: stored.is_uncertain,
    manual: stored.crops.some(({ is_manual }) => is_manual),
  };
}

/** Whom the crops of a track are taken for. */
export function toLink(stored: StoredSighting, identity: Identity, manual = false): IdentityLink {
  return {
    detectionIds: stored.crops.map(({ detection_id }) => detection_id),
    entityId: identity.kind === 'entity' ? identity.entityId : null,
    memberId: identity.kind === 'member' ? identity.memberId : null,
    similarity: identity.similarity,
    uncertain: identity.kind === 'entity' && identity.uncertain,
    manual,
  };
}
