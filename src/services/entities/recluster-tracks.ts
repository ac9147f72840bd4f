import type { Knex } from 'knex';

import { listEntities, saveFoundEntities } from '../../db/models/entities.ts';
import {
  clearIdentityLinks,
  deleteUnseenEntities,
  lockEntities,
  refreshEntityCounts,
  saveIdentityLinks,
  type IdentityLink,
} from '../../db/models/identity-links.ts';
import { streamSightings, type StoredSighting } from '../../db/queries/sightings.ts';
import { uuidV7 } from '../../db/uuid-v7.ts';
import { createIdentifier, type Identifier, type Identity } from '../../domain/household/identify.ts';
import { inheritIds } from '../../domain/household/inherit-ids.ts';
import type { EmbeddingCard } from '../../inference/model-card.ts';
import { entityNameOf } from './entity-name.ts';
import { tallyOf, toLink, type IdentifyTally } from './identify-tracks.ts';
import { loadGalleries } from './load-galleries.ts';
import { toFound, toSighting } from './to-sighting.ts';

type Reclustered = { link: IdentityLink; identity: Identity; before: string | null; pinned: boolean };

/**
 * Says anew who every track is, in the order of footage. What a user merged or split stays so; an entity goes by the id, name and trust
 * of the old one it shares most sightings with.
 */
export async function reclusterTracks(trx: Knex.Transaction, { card }: { card: EmbeddingCard }): Promise<IdentifyTally> {
  await lockEntities(trx);
  const old = await listEntities(trx, { filters: { types: card.subjects } });
  const identifier = createIdentifier({ members: await loadGalleries(trx, card.id), threshold: card.threshold, newId: uuidV7 });
  const found = await identifyAll(trx, { card, identifier });
  const curated = new Set(old.filter((row) => row.trust_status !== 'unknown' || entityNameOf(row) !== null).map(({ id }) => id));
  const fixed = new Set(found.flatMap(({ pinned, link }) => (pinned && link.entityId !== null ? [link.entityId] : [])));
  const successions = found.flatMap(({ link, before }) => (link.entityId === null ? [] : [{ now: link.entityId, before }]));
  const heirs = inheritIds(successions, { curated, fixed });
  const idOf = (id: string): string => heirs.get(id) ?? id;

  await clearIdentityLinks(trx, card.id);
  const entities = identifier.entities().map((entity) => ({ ...entity, id: idOf(entity.id) }));
  await saveFoundEntities(trx, entities.map(toFound));
  await saveIdentityLinks(
    trx,
    found.map(({ link }) => ({ ...link, entityId: link.entityId === null ? null : idOf(link.entityId) })),
  );
  const oldIds = new Set(old.map(({ id }) => id));
  await refreshEntityCounts(trx, [...new Set([...oldIds, ...entities.map(({ id }) => id)])]);
  const removed = await deleteUnseenEntities(trx, card.subjects);
  const added = entities.filter(({ id }) => !oldIds.has(id)).length;
  return {
    ...tallyOf(found.map(({ identity }) => identity)),
    entities_added: added,
    entities_removed: removed,
    entities: old.length + added - removed,
  };
}

/** Of each track only numbers are kept, so that memory grows by some hundred bytes a track. */
async function identifyAll(
  trx: Knex.Transaction,
  { card, identifier }: { card: EmbeddingCard; identifier: Identifier },
): Promise<Reclustered[]> {
  const found: Reclustered[] = [];
  for await (const stored of streamSightings(trx, { modelId: card.id })) {
    const sighting = toSighting(stored, card.id);
    if (!sighting) continue;
    const pinnedTo = pinOf(stored);
    const identity = identifier.identify({ ...sighting, pinnedTo });
    const before = stored.crops.find(({ entity_id }) => entity_id !== null)?.entity_id ?? null;
    found.push({ link: toLink(stored, identity, pinnedTo !== null), identity, before, pinned: pinnedTo !== null });
  }
  return found;
}

function pinOf({ crops }: StoredSighting): string | null {
  return crops.find(({ is_manual, entity_id }) => is_manual && entity_id !== null)?.entity_id ?? null;
}
