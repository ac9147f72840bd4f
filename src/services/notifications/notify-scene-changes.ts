import type { Knex } from 'knex';
import { readDatabaseClock } from '../../db/database-clock.ts';
import { markSceneChangeNotified } from '../../db/models/scene-changes.ts';
import { findUntoldSceneChanges } from '../../db/queries/untold-scene-changes.ts';
import { heldByTime, type NotifyPreferences } from '../../domain/alerts/notify.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import type { ChannelDesk } from './channel-desk.ts';
import { sceneMessage } from './to-message.ts';

/** Of one camera and type of change (§10.3). */
const COOLDOWN_SECONDS = 3600;

type SceneOptions = { desk: ChannelDesk; preferences: NotifyPreferences; settings: ZoneSettings };

/** Tells of changes of views that are neither acknowledged nor over; returns of how many. */
export async function notifySceneChanges(knex: Knex, { desk, preferences, settings }: SceneOptions): Promise<number> {
  if (!preferences.enabled) return 0;
  const now = await readDatabaseClock(knex);
  const since = new Date(now.getTime() - preferences.maxAgeMs);
  const lastToldMs = new Map<string, number>();
  let told = 0;
  for (const { camera, change } of await findUntoldSceneChanges(knex, { since, cooldownSeconds: COOLDOWN_SECONDS })) {
    const key = `scene:${change.camera_id}:${change.change_type}`;
    const atMs = change.detected_at.getTime();
    const timezone = cameraZone({ camera_id: change.camera_id, ...camera }, settings);
    const held = heldByTime({ startedAtMs: atMs, timezone, snoozeUntilMs: null }, preferences, now.getTime());
    const isSoon = atMs - (lastToldMs.get(key) ?? -Infinity) < COOLDOWN_SECONDS * 1000;
    if (isSoon || held.quiet || preferences.cameras.get(change.camera_id)?.enabled === false) continue;
    const message = sceneMessage({ change, cameraName: camera.name, timezone });
    const results = [];
    for (const name of desk.namesFor([])) results.push(await desk.send(name, message));
    if (!results.some((result) => result?.ok === true)) continue;
    told += 1;
    lastToldMs.set(key, atMs);
    await markSceneChangeNotified(knex, change.id);
  }
  return told;
}
