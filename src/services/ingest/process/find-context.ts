import type { MediaFileRow } from '../../../db/models/media-files.ts';
import { findBegunMinutes } from '../../../db/models/scene-checks.ts';
import { LOOK_SLOT_MS } from '../../../domain/scene/scene-watch.ts';
import type { PlanOptions } from './plan-tasks.ts';
import type { ProcessOptions } from './process-options.ts';

/** What, besides their own rows, decides how files are looked at, as the database has it now. */
export async function findContext(
  options: Pick<ProcessOptions, 'knex' | 'settings' | 'rootOf' | 'movingCameras' | 'maskZones'>,
  rows: readonly MediaFileRow[],
): Promise<Omit<PlanOptions, 'taskSize' | 'given'>> {
  const { knex, settings, rootOf } = options;
  const [movingCameras, maskZones] = await Promise.all([options.movingCameras(), options.maskZones()]);
  const minutesBegun = await findBegunMinutes(knex, { ids: rows.map(({ id }) => id), slotMs: LOOK_SLOT_MS });
  return { settings, rootOf, movingCameras, maskZones, minutesBegun };
}
