import type { Knex } from 'knex';

import { findNewestFootage } from '../../db/queries/cameras.ts';
import { resolveAsOf } from '../lists/resolve-as-of.ts';
import type { BaselineCamera } from './baseline-camera.ts';

/** The moment that `--as-of` means for a camera; nothing without the flag, or for a span back from footage that is not there. */
export async function resolveCameraAsOf(knex: Knex, camera: BaselineCamera, text: string | undefined): Promise<{ asOfMs?: number }> {
  if (text === undefined) return {};
  const asOf = resolveAsOf(text, { zone: camera.zone, newest: await findNewestFootage(knex, [camera.id]) });
  return asOf === undefined ? {} : { asOfMs: asOf.getTime() };
}
