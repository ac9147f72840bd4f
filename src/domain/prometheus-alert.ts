/** What an Alertmanager says about an alert. Names as stored; values are text unless somebody else wrote the row. */
export type PrometheusAlertTexts = { labels: Readonly<Record<string, unknown>>; annotations: Readonly<Record<string, unknown>> };

type Labelled = Pick<PrometheusAlertTexts, 'labels'>;
type Annotated = Pick<PrometheusAlertTexts, 'annotations'>;

export function alertname(alert: Labelled): string {
  return textOf(alert.labels, 'alertname') || 'unknown';
}

export function severity(alert: Labelled): string {
  return textOf(alert.labels, 'severity') || 'info';
}

export function summary(alert: Annotated): string {
  return textOf(alert.annotations, 'summary');
}

export function description(alert: Annotated): string {
  return textOf(alert.annotations, 'description');
}

/** To Prometheus a label without text is no label. */
function textOf(texts: Readonly<Record<string, unknown>>, name: string): string {
  const value = Object.hasOwn(texts, name) ? texts[name] : undefined;
  return typeof value === 'string' ? value : '';
}
