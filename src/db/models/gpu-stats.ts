import type { Knex } from 'knex';

/** One row of `gpu_stats`: a sample of one device. Readings that are missing are null. */
export type GpuStatsRow = {
  id: number;
  recorded_at: Date;
  gpu_name: string | null;
  /** Percent. */
  gpu_utilization: number | null;
  /** MB. */
  memory_used: number | null;
  /** MB. */
  memory_total: number | null;
  /** °C. */
  temperature: number | null;
  /** W. */
  power_usage: number | null;
  inference_fps: number | null;
  device_index: number;
  /** No foreign key. */
  run_id: string | null;
};

export type NewGpuStats = Partial<Omit<GpuStatsRow, 'id'>>;

/** One row per device of a sample. Left out `recorded_at` is the database's time, the same for all of them. */
export async function insertGpuStats(knex: Knex, samples: readonly NewGpuStats[]): Promise<void> {
  if (samples.length > 0) await knex('gpu_stats').insert([...samples]);
}

export type GpuStatsRange = { from: Date; until: Date; deviceIndex?: number };

/** In order of time; `until` excluded. */
export async function listGpuStats(knex: Knex, range: GpuStatsRange): Promise<GpuStatsRow[]> {
  const query = knex<GpuStatsRow>('gpu_stats').where('recorded_at', '>=', range.from).where('recorded_at', '<', range.until);
  if (range.deviceIndex !== undefined) void query.where({ device_index: range.deviceIndex });
  return query.orderBy(['recorded_at', 'device_index', 'id']);
}
