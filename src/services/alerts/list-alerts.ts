import type { Knex } from 'knex';
import {
  ALERT_SORT_COLUMNS,
  findAlertDetails,
  findMissingAlertIds,
  streamAlerts,
  type AlertFilter,
  type AlertSortField,
} from '../../db/queries/alerts.ts';
import type { ListSort } from '../../db/queries/list-order.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { isUuid } from '../../lib/is-uuid.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { mapRows } from '../lists/map-rows.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';
import { getRuleIds } from '../rules/get-rule.ts';
import { toAlertDetails, toAlertRecord, type AlertDetails, type AlertRecord } from './alert-record.ts';

/** What `--sort` takes. */
export const ALERT_SORT_FIELDS = Object.keys(ALERT_SORT_COLUMNS) as AlertSortField[];

/** Which alerts are meant, as people say it. */
export type AlertChoice = {
  scope: ListScope;
  filter: Pick<AlertFilter, 'ids' | 'severities' | 'statuses'>;
  /** Names or ids. */
  rules?: readonly string[] | undefined;
};

export type ListAlertsOptions = AlertChoice & {
  sort: ListSort<AlertSortField>;
  /** 0: all. */
  limit: number;
  zones: ZoneSettings;
};

/** Resolves with the rows still to come; a wrong rule, camera or time is told before the first of them. */
export async function listAlerts(knex: Knex, options: ListAlertsOptions): Promise<AsyncIterable<AlertRecord>> {
  const { sort, limit, zones } = options;
  const filter = await resolveAlertFilter(knex, options, zones);
  return mapRows(streamAlerts(knex, { filter, sort, limit }), (row) => toAlertRecord(row, zones));
}

/** Throws a usage error for a rule, camera or time that is none. */
export async function resolveAlertFilter(knex: Knex, choice: AlertChoice, zones: ZoneSettings): Promise<AlertFilter> {
  return { ...choice.filter, ...(await resolveScope(knex, choice.scope, zones)), ruleIds: await getRuleIds(knex, choice.rules) };
}

/** Throws a usage error for an id that is no alert's. */
export async function showAlerts(knex: Knex, ids: readonly string[], zones: ZoneSettings): Promise<AlertDetails[]> {
  await assertAlerts(knex, ids);
  const byId = new Map((await findAlertDetails(knex, ids)).map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id.toLowerCase());
    return row === undefined ? [] : [toAlertDetails(row, zones)];
  });
}

const IDS_SHOWN = 5;

/** Throws a usage error that names ids that are no alert's. */
export async function assertAlerts(knex: Knex, ids: readonly string[]): Promise<void> {
  const unknown = new Set(await findMissingAlertIds(knex, ids.filter(isUuid)));
  const missing = ids.filter((id) => !isUuid(id) || unknown.has(id.toLowerCase()));
  if (missing.length === 0) return;
  const shown = missing.slice(0, IDS_SHOWN).map((id) => JSON.stringify(id));
  throw new UsageError(`there is no alert ${shown.join(', ')}${missing.length > IDS_SHOWN ? ', …' : ''}`, {
    code: 'alert_unknown',
    hint: '`hs alerts list` shows the ids',
  });
}
