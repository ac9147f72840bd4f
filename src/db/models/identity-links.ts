import type { Knex } from 'knex';

/** Whom the crops of one sighting are taken for. */
export type IdentityLink = {
  detectionIds: readonly number[];
  entityId: string | null;
  memberId: number | null;
  similarity: number | null;
  uncertain: boolean;
  manual: boolean;
};

const LINKS_AT_ONCE = 1000;

/** Says whom sightings are of. */
export async function saveIdentityLinks(trx: Knex.Transaction, links: readonly IdentityLink[]): Promise<void> {
  for (let start = 0; start < links.length; start += LINKS_AT_ONCE) {
    const rows = links
      .slice(start, start + LINKS_AT_ONCE)
      .flatMap(({ detectionIds, entityId, memberId, ...link }) =>
        detectionIds.map((id) => ({ detection_id: id, entity_id: entityId, member_id: memberId, ...link })),
      );
    await trx.raw(
      `UPDATE reid_embeddings r
          SET entity_id = u.entity_id, member_id = u.member_id, similarity = u.similarity, is_uncertain = u.uncertain, is_manual = u.manual
         FROM jsonb_to_recordset(?::jsonb)
              AS u(detection_id bigint, entity_id uuid, member_id bigint, similarity float8, uncertain bool, manual bool)
        WHERE r.detection_id = u.detection_id`,
      [JSON.stringify(rows)],
    );
  }
}

/** Forgets whom the sightings of a model are of, but for what a user said. */
export async function clearIdentityLinks(trx: Knex.Transaction, modelId: string): Promise<void> {
  await trx('reid_embeddings')
    .where({ model_id: modelId, is_manual: false })
    .whereRaw('num_nonnulls(entity_id, member_id) > 0')
    .update({ entity_id: null, member_id: null, similarity: null, is_uncertain: false });
}

/**
 * Counts, times and best detection of entities, from their sightings. One without any sighting is left as it was seen last, with the
 * count 0. Times are those of whole tracks.
 */
export async function refreshEntityCounts(trx: Knex.Transaction, entityIds: readonly string[]): Promise<void> {
  await trx.raw(
    `UPDATE entities e
        SET detection_count = coalesce(s.crops, 0), first_seen_at = coalesce(s.first, e.first_seen_at),
            last_seen_at = coalesce(s.last, e.last_seen_at), primary_detection_id = s.best
       FROM unnest(?::uuid[]) AS u(id)
       LEFT JOIN (
            SELECT r.entity_id, count(*) AS crops, min(least(t.first_seen, r.detected_at)) AS first, max(greatest(t.last_seen, r.detected_at)) AS last,
                   (array_agg(d.id ORDER BY d.confidence * d.bbox_width * d.bbox_height DESC NULLS LAST, d.id))[1] AS best
              FROM reid_embeddings r
              JOIN detections d ON d.id = r.detection_id AND d.detected_at = r.detected_at
              LEFT JOIN tracks t ON t.id = d.track_id
             WHERE r.entity_id = ANY(?::uuid[])
             GROUP BY 1) s ON s.entity_id = u.id
      WHERE e.id = u.id`,
    [[...entityIds], [...entityIds]],
  );
}

/** Deletes entities of these types that nothing was recognised as, but for those a user named, trusted or distrusted. Returns how many. */
export async function deleteUnseenEntities(trx: Knex.Transaction, types: readonly string[]): Promise<number> {
  return unseenEntities(trx)
    .whereIn('e.entity_type', [...types])
    .delete();
}

/** The same for those of any type that were last seen before an instant; nobody recognises anything meanwhile. */
export async function deleteEntitiesUnseenSince(trx: Knex.Transaction, before: Date): Promise<number> {
  await lockEntities(trx);
  return unseenEntities(trx).where('e.last_seen_at', '<', before).delete();
}

/** After sightings of these entities went: their counts, and without any sighting left the same as `deleteUnseenEntities`. */
export async function settleEntities(trx: Knex.Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await lockEntities(trx);
  await refreshEntityCounts(trx, ids);
  await unseenEntities(trx)
    .whereIn('e.id', [...ids])
    .delete();
}

/**
 * Removes detections of files by `remove` and settles the entities that were seen in them. Recognising is kept out before rather than
 * after: it locks in that order, too.
 */
export async function settlingEntities<Result>(
  trx: Knex.Transaction,
  fileIds: readonly number[],
  remove: () => Promise<Result>,
): Promise<Result> {
  const entityIds = await findEntitiesOfFiles(trx, fileIds);
  if (entityIds.length > 0) await lockEntities(trx);
  const result = await remove();
  await settleEntities(trx, entityIds);
  return result;
}

async function findEntitiesOfFiles(knex: Knex, fileIds: readonly number[]): Promise<string[]> {
  return knex('detections as d')
    .join('reid_embeddings as r', (on) => on.on('r.detection_id', 'd.id').andOn('r.detected_at', 'd.detected_at'))
    .whereRaw('d.media_file_id = ANY (?::bigint[])', [[...fileIds]])
    .whereNotNull('r.entity_id')
    .distinct()
    .pluck<string[]>('r.entity_id');
}

function unseenEntities(trx: Knex.Transaction): Knex.QueryBuilder {
  return trx('entities as e')
    .where('e.trust_status', 'unknown')
    .whereRaw("coalesce(e.entity_metadata ->> 'name', '') = ''")
    .whereNotExists(trx('reid_embeddings as r').whereRaw('r.entity_id = e.id').select('r.id'));
}

/** Entities with sightings of a camera in a span. */
export async function findEntitiesSeen(
  knex: Knex,
  { cameraId, from, until }: { cameraId: string; from: Date; until: Date },
): Promise<string[]> {
  return knex('reid_embeddings as r')
    .join('detections as d', (on) => on.on('d.id', 'r.detection_id').andOn('d.detected_at', 'r.detected_at'))
    .where('d.camera_id', cameraId)
    .whereBetween('d.detected_at', [from, until])
    .whereNotNull('r.entity_id')
    .distinct()
    .pluck<string[]>('r.entity_id');
}

/** Keeps others from recognising, merging and splitting until the transaction ends. */
export async function lockEntities(trx: Knex.Transaction): Promise<void> {
  await trx.raw('LOCK TABLE entities IN SHARE ROW EXCLUSIVE MODE');
}

/** All sightings of an entity stay its own, whatever recognising would say. */
export async function pinSightings(trx: Knex.Transaction, entityId: string): Promise<void> {
  await trx('reid_embeddings').where({ entity_id: entityId }).update({ is_manual: true, is_uncertain: false, similarity: null });
}
