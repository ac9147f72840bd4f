import type { Knex } from 'knex';
import { listZones } from '../../db/models/zones.ts';
import { listCameraNames } from '../../db/queries/cameras.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';
import { resolveTarget } from '../export/export-target.ts';
import { matchCameras } from '../lists/match-names.ts';
import { toZoneFile } from './zone-file.ts';

export type ExportZonesOptions = {
  /** Ids or names, `*` and `?` allowed; none means all cameras. */
  cameras?: readonly string[] | undefined;
  /** File or folder; nothing is written without it or with `-`. */
  out?: string | undefined;
  folder: string;
};

/** The zones of these cameras as a file that `importZones` reads; `path`: where it was written to. */
export async function exportZones(
  knex: Knex,
  { cameras, out = '-', folder }: ExportZonesOptions,
): Promise<{ text: string; count: number; path: string | undefined }> {
  const target = await resolveTarget({ out, folder, type: 'zones', suffix: 'json', at: new Date() });
  const rows = await listZones(knex, cameras === undefined ? {} : { cameraIds: matchCameras(await listCameraNames(knex), cameras) });
  const text = toZoneFile(rows);
  if (target.kind === 'file') await writeAtomically(target.path, [text]);
  return { text, count: rows.length, path: target.kind === 'file' ? target.path : undefined };
}
