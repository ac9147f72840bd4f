import type { Knex } from 'knex';
import type pg from 'pg';
import { readDatabaseClock } from '../../db/database-clock.ts';
import { namedLockKey } from '../../db/lock-keys.ts';
import { openLockSession, type LockSession } from '../../db/locks.ts';
import { beginDelivery, holdAlerts, recordAttempt, type HeldAlert } from '../../db/models/alert-deliveries.ts';
import { findOpenAlerts, type AlertListRow } from '../../db/queries/alerts.ts';
import { notify, type NotifyPreferences } from '../../domain/alerts/notify.ts';
import { sleep } from '../../lib/sleep.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { ChannelDesk, type DeskOptions } from './channel-desk.ts';
import { loadChannels } from './load-channels.ts';
import { loadPreferences, type NotificationSettings } from './notification-settings.ts';
import { notifySceneChanges } from './notify-scene-changes.ts';
import { alertMessage } from './to-message.ts';

export type DeliverOptions = DeskOptions & {
  settings: NotificationSettings;
  /** Only these alerts; scene changes are left out then. */
  ids?: readonly string[] | undefined;
  /** Whatever the preferences say. */
  force?: boolean;
  /** Only for tests: how long to wait for another process that delivers. */
  lockWaitMs?: number;
};

export type Delivered = {
  /** Taken by one channel at least. */
  delivered: number;
  /** Held back by preferences, age or quiet hours; the alerts keep the reasons. */
  held: number;
  /** No channel took them; tried again by the next run. */
  failed: number;
  /** Changes of views that somebody was told of. */
  scene_changes: number;
  /** Another process was delivering all the time: it takes care of what is open. */
  busy: boolean;
};

/** A database with its way to open a connection that holds a lock. */
export type DeliveryStore = { knex: Knex; connect(): Promise<pg.Client> };

const DELIVERY_KEY = namedLockKey('deliver alerts');
const ALERTS_AT_ONCE = 200;
const LOCK_WAIT_MS = 60_000;
const POLL_MS = 200;

/**
 * Tells of alerts that nobody was told of yet (§10.5). One process at a time does; no transaction is open while a channel is used. An
 * alert is marked at once when the first channel has taken it: killed at any point, the next run goes on with the others.
 */
export async function deliverAlerts(store: DeliveryStore, options: DeliverOptions): Promise<Delivered> {
  const done = { delivered: 0, held: 0, failed: 0, scene_changes: 0, busy: false };
  const session = await openLockSession(store);
  try {
    if (!(await tryLock(session, options))) return { ...done, busy: true };
    const { knex } = store;
    const { settings } = options;
    const desk = new ChannelDesk(await loadChannels(settings.notifications.channels), options);
    const preferences = await loadPreferences(knex, settings);
    await deliverOpen(knex, { ...options, desk, preferences, done });
    if (settings.notifications.sceneChanges && options.ids === undefined) {
      done.scene_changes = await notifySceneChanges(knex, { desk, preferences, settings });
    }
    return done;
  } finally {
    await session.close();
  }
}

async function tryLock(session: LockSession, { lockWaitMs = LOCK_WAIT_MS, signal }: DeliverOptions): Promise<boolean> {
  const deadlineMs = Date.now() + lockWaitMs;
  while (!(await session.tryLockExclusive(DELIVERY_KEY))) {
    if (Date.now() >= deadlineMs || signal?.aborted === true) return false;
    await sleep(POLL_MS, signal);
  }
  return true;
}

type Delivery = DeliverOptions & { desk: ChannelDesk; preferences: NotifyPreferences; done: Delivered };

async function deliverOpen(knex: Knex, delivery: Delivery): Promise<void> {
  const now = await readDatabaseClock(knex);
  const decidedSince = new Date(now.getTime() - delivery.preferences.maxAgeMs);
  let after: string | undefined;
  for (;;) {
    const rows = await findOpenAlerts(knex, { after, ids: delivery.ids, decidedSince, limit: ALERTS_AT_ONCE });
    const held: HeldAlert[] = [];
    for (const row of rows) {
      if (delivery.signal?.aborted === true) break;
      const reasons = reasonsAgainst(row, delivery, now);
      if (reasons.length > 0) held.push({ id: row.id, reasons });
      else await deliverOne(knex, row, delivery);
    }
    await holdAlerts(knex, held);
    delivery.done.held += held.length;
    delivery.signal?.throwIfAborted();
    after = rows.at(-1)?.id;
    if (rows.length < ALERTS_AT_ONCE) return;
  }
}

/** `no_channel`: nothing is configured to send it by. */
function reasonsAgainst(row: AlertListRow, { preferences, settings, desk, force }: Delivery, now: Date): string[] {
  const against = force === true ? [] : notify(toSubject(row, settings), preferences, now.getTime()).reasons;
  return desk.namesFor(row.channels).length > 0 ? against : [...against, 'no_channel'];
}

function toSubject(row: AlertListRow, settings: ZoneSettings): Parameters<typeof notify>[0] {
  return {
    cameraId: row.camera_id,
    timezone: cameraZone(row, settings),
    startedAtMs: row.started_at.getTime(),
    level: row.risk_level,
    score: row.risk_score,
    snoozeUntilMs: row.snooze_until?.getTime() ?? null,
  };
}

async function deliverOne(knex: Knex, row: AlertListRow, { desk, settings, done }: Delivery): Promise<void> {
  const channels = desk.namesFor(row.channels);
  if (!desk.isAnyUp(channels)) {
    done.failed += 1;
    return;
  }
  if (!(await beginDelivery(knex, row.id))) return;
  const message = alertMessage(row, cameraZone(row, settings));
  let isTaken = false;
  for (const channel of channels) {
    const result = await desk.send(channel, message);
    if (result === undefined) continue;
    isTaken ||= result.ok;
    await recordAttempt(knex, row.id, { ...result, at: new Date().toISOString() });
  }
  if (isTaken) done.delivered += 1;
  else done.failed += 1;
}
