import type { Knex } from 'knex';

import { listCameraCalibrations } from '../../db/models/camera-calibrations.ts';

/** The part of the configuration that says whose thresholds hold, and whether scores of cameras are shifted (§9.2). */
export type CalibrationSettings = { user: string; cameraOffset: boolean };

/** What is added to the scores of cameras before floors, by camera: nothing, unless the configuration asks for it. */
export async function loadCameraOffsets(knex: Knex, { cameraOffset }: CalibrationSettings): Promise<Map<string, number>> {
  if (!cameraOffset) return new Map();
  const rows = await listCameraCalibrations(knex);
  return new Map(rows.filter((row) => row.risk_offset !== 0).map((row) => [row.camera_id, row.risk_offset]));
}
