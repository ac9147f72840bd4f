import { deliverAlerts, type Delivered, type DeliveryStore } from '../notifications/deliver-alerts.ts';
import type { NotificationSettings } from '../notifications/notification-settings.ts';
import type { AlertsOutcome } from './evaluate-alerts.ts';
import { settleAlerts } from './settle-alerts.ts';

/** What became of alerts in a run. `told` is undefined where no channel is set up: alerts then wait for one, or for `hs alerts`. */
export type AlertsOfRun = AlertsOutcome & { told: Delivered | undefined };

/** Raises the alerts of what was rated, then tells of them: the last thing a run does, outside any transaction. */
export async function raiseAndTell(
  store: DeliveryStore,
  { settings, signal }: { settings: NotificationSettings; signal: AbortSignal },
): Promise<AlertsOfRun> {
  const outcome = await settleAlerts(store.knex, { zones: settings, signal });
  const hasChannels = Object.keys(settings.notifications.channels).length > 0;
  const told = hasChannels && !signal.aborted ? await deliverAlerts(store, { settings, signal }) : undefined;
  return { ...outcome, told };
}
