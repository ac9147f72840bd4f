import type { Knex } from 'knex';

/** Files whose tracks an enrichment is still to look at, in the order of camera and time. */
export async function findFilesToEnrich(knex: Knex, options: { name: string; limit: number }): Promise<number[]> {
  return knex('media_files')
    .whereNotNull('enrichments_due')
    .whereRaw('? = ANY (enrichments_due)', [options.name])
    .orderBy(['camera_id', 'captured_at', 'id'])
    .limit(options.limit)
    .pluck<number[]>('id');
}

/** Confirmed tracks of these groups that were seen in these files, within the span of footage the files cover. */
export async function findTracksOfFiles(
  knex: Knex,
  options: { fileIds: readonly number[]; groups: readonly string[]; since: Date; until: Date },
): Promise<number[]> {
  return knex('detections as d')
    .join('tracks as t', 't.id', 'd.track_id')
    .whereRaw('d.media_file_id = ANY (?::bigint[])', [[...options.fileIds]])
    .where('d.detected_at', '>=', options.since)
    .where('d.detected_at', '<', options.until)
    .where('t.confirmed', true)
    .whereIn('t.class_group', [...options.groups])
    .distinct()
    .pluck<number[]>('t.id');
}
