import { markup, type Html } from '../markup.ts';
import { levelHtml, nameHtml, restHtml, timeHtml } from '../page-parts.ts';
import type { Listed, Report, ReportAlert, ReportFile, ReportSceneChange, UnusualHour } from '../report-data.ts';
import { CHANGE_WORDS, listCommand, localWords, undatedWords, unusualWords } from '../report-words.ts';
import { table, type TableColumn } from '../table.ts';

type Findings<Row> = {
  id: string;
  title: string;
  none: string;
  caption: string;
  columns: readonly TableColumn<Row>[];
  listed: Listed<Row>;
  /** Lists the rest. */
  command: string;
  note?: string | undefined;
};

export function alertsSection(report: Report): Html {
  const command = listCommand('alerts list', report);
  const texts = { id: 'alerts', title: 'Alerts', none: 'No alerts.', caption: 'What rules found worth telling' };
  return findingsSection({ ...texts, columns: ALERTS, listed: report.alerts, command });
}

export function viewsSection(report: Report): Html {
  const command = listCommand('scene-changes list', report);
  const texts = { id: 'views', title: 'Changed views', none: 'No view changed.', caption: 'Views that were covered, moved or changed' };
  return findingsSection({ ...texts, columns: VIEWS, listed: report.scene_changes, command });
}

export function filesSection(report: Report): Html {
  const { undated_files: undated } = report.counts;
  const note = undated === 0 ? undefined : undatedWords(undated);
  const command = listCommand('files list --status failed,partial', report);
  const texts = { id: 'files', title: 'Unread files', none: 'Every file was read.', caption: 'Files that failed or could be read in part' };
  return findingsSection({ ...texts, columns: FILES, listed: report.files, command, note });
}

export function hoursSection(report: Report): Html {
  const command = 'hs baselines explain';
  const texts = {
    id: 'hours',
    title: 'Unusual hours',
    none: 'No hour was unusual.',
    caption: 'Hours unlike the same hours of the 30 days before',
  };
  return findingsSection({ ...texts, columns: HOURS, listed: report.unusual_hours, command });
}

function findingsSection<Row>({ id, title, none, caption, columns, listed, command, note }: Findings<Row>): Html {
  const { items } = listed;
  const list = items.length === 0 ? markup`<p class="quiet">${none}</p>` : table({ id: `${id}-table`, caption, columns, rows: items });
  return markup`<section aria-labelledby="${id}" ${items.length === 0 ? markup`class="none"` : undefined}>
    <h2 id="${id}">${title}</h2>
    ${list} ${restHtml(listed, command)} ${note === undefined ? undefined : markup`<p class="quiet small">${note}</p>`}
  </section>`;
}

const ALERTS: readonly TableColumn<ReportAlert>[] = [
  { title: 'At', cell: ({ occurred_at: at, occurred_at_local: local }) => timeHtml(at, local) },
  { title: 'Severity', cell: ({ severity }) => levelHtml(severity) },
  { title: 'Camera', cell: ({ camera_name: name }) => nameHtml(name) },
  { title: 'Rule', cell: ({ rule_name: rule }) => nameHtml(rule ?? '–') },
  { title: 'What happened', cell: ({ summary }) => nameHtml(summary ?? '–'), kind: 'wide' },
  { title: 'State', cell: ({ status }) => status },
  { title: 'Event', cell: ({ event_id: id }) => id, kind: 'number' },
];

const VIEWS: readonly TableColumn<ReportSceneChange>[] = [
  { title: 'Found', cell: ({ detected_at: at, detected_at_local: local }) => timeHtml(at, local) },
  { title: 'Camera', cell: ({ camera_id: id }) => nameHtml(id) },
  { title: 'What', cell: ({ change_type: type }) => CHANGE_WORDS[type] },
  { title: 'Why', cell: ({ reason }) => (reason === null ? '–' : reason.replaceAll('_', ' ')) },
  { title: 'Likeness', cell: ({ similarity_score: score }) => `${Math.round(score * 100)} %`, kind: 'number' },
  { title: 'State', cell: stateOf },
];

function stateOf({ open, ended_at_local: ended }: ReportSceneChange): string {
  if (open) return 'open';
  return ended === null ? 'acknowledged' : `over at ${localWords(ended)}`;
}

const FILES: readonly TableColumn<ReportFile>[] = [
  { title: 'Camera', cell: ({ camera_id: id }) => nameHtml(id) },
  { title: 'Began', cell: ({ captured_at: at, captured_at_local: local }) => (at && local ? timeHtml(at, local) : 'unknown') },
  { title: 'State', cell: ({ status, readable_fraction: part }) => (status === 'failed' ? 'failed' : partWords(part)) },
  { title: 'Why', cell: ({ message, code }) => nameHtml(message ?? code ?? '–'), kind: 'wide' },
  { title: 'File', cell: ({ path }) => markup`<code>${nameHtml(path)}</code>`, kind: 'path' },
];

function partWords(fraction: number | null): string {
  return fraction === null ? 'read in part' : `${Math.floor(fraction * 100)} % read`;
}

const HOURS: readonly TableColumn<UnusualHour>[] = [
  { title: 'Hour from', cell: ({ started_at: at, started_at_local: local }) => timeHtml(at, local) },
  { title: 'Camera', cell: ({ camera_id: id }) => nameHtml(id) },
  { title: 'What', cell: (hour) => unusualWords(hour), kind: 'wide' },
  { title: 'How sure', cell: ({ score }) => `${(Math.floor(score * 1000) / 10).toFixed(1)} %`, kind: 'number' },
];
