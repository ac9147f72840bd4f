import { deliverAlerts, type Delivered, type DeliveryStore } from '../notifications/deliver-alerts.ts';
import type { NotificationSettings } from '../notifications/notification-settings.ts';
import type { AlertsOutcome } from './evaluate-alerts.ts';
import { settleBeside } from './settle-alerts.ts';

/** What became of alerts in a run. `told` is undefined where no channel is set up: alerts then wait for one, or for `hs alerts`. */
export type AlertsOfRun = AlertsOutcome & { told: Delivered | undefined };

type TellOptions = { settings: NotificationSettings; signal: AbortSignal };

/** Rates events and raises their alerts, then tells of them: the last thing a run does, outside any transaction. */
export async function rateAndTell<Result>(
  store: DeliveryStore,
  { settings, signal }: TellOptions,
  rate: () => Promise<Result>,
): Promise<{ result: Result; alerts: AlertsOfRun }> {
  const { result, alerts } = await settleBeside(store.knex, { zones: settings, signal }, rate);
  return { result, alerts: { ...alerts, told: await tell(store, { settings, signal }) } };
}

async function tell(store: DeliveryStore, { settings, signal }: TellOptions): Promise<Delivered | undefined> {
  const hasChannels = Object.keys(settings.notifications.channels).length > 0;
  return hasChannels && !signal.aborted ? deliverAlerts(store, { settings, signal }) : undefined;
}
