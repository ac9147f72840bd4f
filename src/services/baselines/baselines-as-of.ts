import type { Knex } from 'knex';

import { findActivityHours, type StoredActivityHour } from '../../db/models/activity-hours.ts';
import { findBaselineState } from '../../db/models/baseline-states.ts';
import { buildBaselines, type Baselines } from '../../domain/baselines/baselines.ts';
import { UsageError } from '../../errors/hs-error.ts';
import type { BaselineCamera } from './baseline-camera.ts';
import { resolveCameraAsOf } from './camera-as-of.ts';
import { seesOnlyMotion } from './rebuild-camera.ts';
import { windowBefore } from './window.ts';

/** The covered hours that baselines of a camera rest on. */
export type KnownHours = { asOf: Date; hours: StoredActivityHour[]; countsMotion: boolean };

/** Those of the stored baselines, or of another moment. Throws a usage error where nothing was computed yet. */
export async function findKnownHours(knex: Knex, camera: BaselineCamera, asOfText?: string): Promise<KnownHours> {
  const state = await findBaselineState(knex, camera.id);
  const { asOfMs = state?.as_of?.getTime() } = await resolveCameraAsOf(knex, camera, asOfText);
  if (asOfMs === undefined) {
    throw new UsageError(`nothing is known of what is usual at ${camera.id}`, {
      code: 'no_baselines',
      hint: '`hs baselines rebuild` computes it from the footage there is',
    });
  }
  const window = windowBefore(camera.id, asOfMs);
  const hours = await findActivityHours(knex, window);
  return { asOf: new Date(asOfMs), hours: hours.filter(({ exposure }) => exposure > 0), countsMotion: await seesOnlyMotion(knex, window) };
}

export function toBaselines({ asOf, hours, countsMotion }: KnownHours): Baselines {
  return buildBaselines(hours, { asOfMs: asOf.getTime(), countsMotion });
}
