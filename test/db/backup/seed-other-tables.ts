import type { Knex } from 'knex';
import { RUN_ID } from '../answers/seed.ts';
import type { House } from '../seed-house.ts';

const AT = '2026-01-14T08:00:00Z';

/** A row in each table that `seedHouse` leaves empty. */
export async function seedOtherTables(knex: Knex, { event, detection, file }: House): Promise<void> {
  await knex('api_keys').insert({ name: 'k', prefix: 'hs_', key_hash: 'a'.repeat(64) });
  await knex('due_alerts').insert({ event_id: event });
  await knex('schedules').insert({
    ...{ name: 'nightly', cron: '0 1 * * *', time_zone: 'Europe/Berlin', missed: 'once', job_type: 'check' },
    ...{ argv: JSON.stringify(['check', 'a "b"']), cwd: '/', actor: 'Ann', next_due_at: '2026-03-01T00:00:00Z' },
  });
  await knex('evidence_holds').insert({ event_id: event, reason: 'claim', actor: 'Ann' });
  await knex('experiments').insert({ name: 'e', control_version: 0, treatment_version: 1, split: 0.5, mode: 'ab' });
  await knex('export_jobs').insert({ export_type: 'events' });
  const sha = 'a'.repeat(64);
  const part = { content_sha256: sha, from_ms: 0, until_ms: 300_000, looked_with: sha, analysis: Buffer.from('x') };
  await knex('media_file_parts').insert({ media_file_id: file, ...part });
  const json = { request: '{}', enrichment_snapshot: '{}', validation_result: '{}' };
  await knex('llm_interactions').insert({ event_id: event, run_id: RUN_ID, model_id: 'm', prompt_version: 0, ...json });
  await knex('prometheus_alerts').insert({ fingerprint: 'f', status: 'firing', starts_at: AT });
  await knex('prompt_configs').insert({ model: 'nemotron', system_prompt: 'x' });
  await knex('prompt_versions').insert({ model: 'nemotron', version: 1, config_json: '{}' });
  await knex('quiet_hours_periods').insert({ label: 'night', start_time: '22:00', end_time: '24:00' });
  const seen = { first_seen: AT, last_seen: AT, closed_at: AT, first_detection_id: detection, detection_count: 1 };
  await knex('tracks').insert({
    camera_id: 'gate',
    object_class: 'person',
    class_group: 'person',
    max_score: 0.5,
    confirmed: true,
    ...seen,
  });
  await knex('user_calibration').insert({ user_id: 'local' });
}
