import type { Knex } from 'knex';

import type { PrometheusAlertStatus } from '../../domain/enums.ts';

/** One row of `prometheus_alerts`: one firing of an alert. */
export type PrometheusAlertRow = {
  id: number;
  fingerprint: string;
  status: PrometheusAlertStatus;
  labels: Record<string, unknown>;
  annotations: Record<string, unknown>;
  starts_at: Date;
  ends_at: Date | null;
  /** When it came first. */
  received_at: Date;
};

export type NewPrometheusAlert = Omit<PrometheusAlertRow, 'id' | 'received_at'>;

/**
 * Stores what an Alertmanager sent. It repeats itself: the same fingerprint and start update one row. A firing that arrives
 * after its end is late and changes nothing.
 */
export async function upsertPrometheusAlert(knex: Knex, alert: NewPrometheusAlert): Promise<void> {
  await knex('prometheus_alerts')
    .insert({ ...alert, labels: JSON.stringify(alert.labels), annotations: JSON.stringify(alert.annotations) })
    .onConflict(['fingerprint', 'starts_at'])
    .merge(['status', 'labels', 'annotations', 'ends_at'])
    .whereRaw(`prometheus_alerts.status = 'firing' OR excluded.status = 'resolved'`);
}

/** Newest start first. */
export async function listPrometheusAlerts(
  knex: Knex,
  options: { status?: PrometheusAlertStatus; limit?: number } = {},
): Promise<PrometheusAlertRow[]> {
  const query = knex<PrometheusAlertRow>('prometheus_alerts').select('*');
  if (options.status !== undefined) void query.where({ status: options.status });
  if (options.limit !== undefined) void query.limit(options.limit);
  return query.orderBy([
    { column: 'starts_at', order: 'desc' },
    { column: 'id', order: 'desc' },
  ]);
}
