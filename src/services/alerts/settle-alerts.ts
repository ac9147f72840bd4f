import type { Knex } from 'knex';

import { clearDueAlerts, findDueAlerts } from '../../db/models/due-alerts.ts';
import { sleep } from '../../lib/sleep.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { evaluateAlerts, type AlertsOutcome } from './evaluate-alerts.ts';

type SettleOptions = { zones: ZoneSettings; signal: AbortSignal };

/** Ids of so many events are in memory at once; a rule locks no longer than for a page of them. */
const EVENTS_AT_ONCE = 5_000;

/** While events are still being rated, those that are wait a little, so that many are looked at together. */
const POLL_MS = 500;

/** Does what rates events, and settles their alerts beside it and to the end after it. */
export async function settleBeside<Result>(
  knex: Knex,
  options: SettleOptions,
  rate: () => Promise<Result>,
): Promise<{ result: Result; alerts: AlertsOutcome }> {
  const ended = new AbortController();
  const total = noAlerts();
  const rating = rate().finally(() => {
    ended.abort();
  });
  // An error of one is passed on when the other has ended: nothing is left running behind the caller's back.
  const [rated, settled] = await Promise.allSettled([rating, settleUntil(ended.signal, { knex, options, total })]);
  if (rated.status === 'rejected') throw rated.reason as Error;
  if (settled.status === 'rejected') throw settled.reason as Error;
  add(total, await settleAlerts(knex, options));
  return { result: rated.value, alerts: total };
}

type Settling = { knex: Knex; options: SettleOptions; total: AlertsOutcome };

async function settleUntil(ended: AbortSignal, { knex, options, total }: Settling): Promise<void> {
  while (!ended.aborted && !options.signal.aborted) {
    await sleep(POLL_MS, ended);
    add(total, await settleAlerts(knex, options));
  }
}

/** Raises and takes back the alerts of all events that were rated since somebody last did, also of runs that were killed. */
export async function settleAlerts(knex: Knex, options: SettleOptions): Promise<AlertsOutcome> {
  const total = noAlerts();
  while (!options.signal.aborted) {
    const due = await findDueAlerts(knex, EVENTS_AT_ONCE);
    if (due.length === 0) break;
    const outcome = await evaluateAlerts(knex, { eventIds: due.map(({ event_id: id }) => id), zones: options.zones });
    await clearDueAlerts(knex, due);
    add(total, outcome);
  }
  return total;
}

function noAlerts(): AlertsOutcome {
  return { created: 0, suppressed: 0, dismissed: 0 };
}

function add(total: AlertsOutcome, more: AlertsOutcome): void {
  total.created += more.created;
  total.suppressed += more.suppressed;
  total.dismissed += more.dismissed;
}
