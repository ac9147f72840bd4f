import { basename } from 'node:path';

import {
  advanceCameras,
  findCamerasBehind,
  findFinishedFilesAmiss,
  findImpossibleCaptureTimes,
  findStrandedFiles,
  findUnfinishedWithDetections,
  findWrongFrameCounts,
  readCameraFolders,
  releaseStrandedFiles,
  type CameraFolderRow,
} from '../../../db/queries/check/media.ts';
import { collectBroken, type FindBroken } from '../../../db/queries/check/broken.ts';
import { normalizeCameraId } from '../../../domain/camera-id.ts';
import type { CheckRule } from '../check-rule.ts';
import { findLostPaths } from '../find-lost-paths.ts';
import { findOrphanClips, removeOrphanClips } from '../orphan-clips.ts';

/** Ingest names a camera after its folder, or after what the user or the template said: then the name tells. */
const findForeignFolders: FindBroken = async (knex, { limit }) => {
  const broken = collectBroken(limit);
  for (const camera of await readCameraFolders(knex)) {
    if (!isNamedAfter(camera)) broken.add({ where: `camera ${camera.id}`, text: `has the folder ${camera.folder_path}` });
  }
  return broken;
};

function isNamedAfter({ id, name, folder_path: folder }: CameraFolderRow): boolean {
  return normalizeCameraId(basename(folder)) === id || normalizeCameraId(name) === id || folder.endsWith(`#${id}`);
}

export const MEDIA_RULES: readonly CheckRule[] = [
  {
    id: 'M1',
    severity: 'W',
    title: 'The id of a camera is made from the name of its folder, or of the camera.',
    why: 'The next ingest would make a second camera of the same footage.',
    find: findForeignFolders,
  },
  {
    id: 'M2',
    severity: 'W',
    title: 'A camera was last seen no earlier than its newest footage.',
    why: 'Lists and times relative to the newest footage would leave out what is there.',
    find: findCamerasBehind,
    fix: { does: 'moves last_seen_at forward', run: advanceCameras },
  },
  {
    id: 'M3',
    severity: 'E',
    title: 'A file that is done or partial has its run, and all its detections name that run and its camera.',
    why: 'Rows of one file come from one run: else a file was stored in parts, or twice.',
    isBounded: true,
    find: findFinishedFilesAmiss,
  },
  {
    id: 'M4',
    severity: 'E',
    title: 'A file in processing belongs to a run whose process is there.',
    why: 'Nobody else takes such a file: it would never be read.',
    find: findStrandedFiles,
    fix: { does: 'ends the dead run and gives its files to the next ingest', run: releaseStrandedFiles },
  },
  {
    id: 'M5',
    severity: 'E',
    title: 'Files that were never read, are empty, failed or were skipped have no detections.',
    why: 'Detections and the end of a file are stored in one transaction: the one without the other is a half-stored file.',
    isBounded: true,
    find: findUnfinishedWithDetections,
  },
  {
    id: 'M6',
    severity: 'W',
    title: 'A file that is done was looked at in every planned frame, a partial one in fewer.',
    why: 'The state of a file says whether something may have been missed.',
    find: findWrongFrameCounts,
  },
  {
    id: 'M7',
    severity: 'W',
    title: 'Footage is from 1990 or later, and no more than a day from the future.',
    why: 'A wrong clock or a misread name puts footage where nobody looks for it.',
    find: findImpossibleCaptureTimes,
  },
  {
    id: 'M8',
    severity: 'W',
    title: 'Files that were read still exist, and so do thumbnails and clips.',
    why: 'What was moved or deleted cannot be looked at again; nothing is removed from the store because of that.',
    effort: 'files',
    isBounded: true,
    find: findLostPaths,
  },
  {
    id: 'M9',
    severity: 'W',
    title: 'Clips in the home folder belong to an event.',
    why: 'What a killed program left there takes room and is shown to nobody. Clips of another database with the same home folder count as such, too.',
    effort: 'files',
    find: findOrphanClips,
    fix: { does: 'removes those older than an hour', run: removeOrphanClips },
  },
];
