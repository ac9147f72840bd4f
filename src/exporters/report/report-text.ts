import { printable } from '../../lib/svg-text.ts';
import type { Listed, Report } from './report-data.ts';
import {
  anomalyWords,
  CAUSE_WORDS,
  CHANGE_WORDS,
  durationWords,
  eventWords,
  LEVEL_WORDS,
  LEVELS,
  levelOf,
  listCommand,
  localWords,
  reportName,
  reportTitle,
  scopeWords,
  undatedWords,
  unusualWords,
  verdict,
} from './report-words.ts';

type Row = readonly (string | number | null)[];
type Section = { title: string; rows: readonly Row[]; rest?: string | undefined };

/** The report for a terminal or a mail: headings, lists in columns, nothing that is empty. */
export function reportText(report: Report): string {
  const { since_local: since, until_local: until } = report;
  const head = [
    `${reportName(report)}: ${reportTitle(report)}`,
    `${scopeWords(report)} · ${localWords(since)} to ${localWords(until)}`,
    '',
    verdict(report),
  ];
  const sections = sectionsOf(report).filter(({ rows }) => rows.length > 0);
  return [...head.map(printable), ...sections.flatMap(sectionLines), ''].join('\n');
}

function sectionLines({ title, rows, rest }: Section): string[] {
  return ['', title.toUpperCase(), ...columns(rows), ...(rest === undefined ? [] : [`  ${rest}`])];
}

/** Padded to the widest of each column; what is last may be as long as it likes. */
function columns(rows: readonly Row[]): string[] {
  const texts = rows.map((row) => row.map((cell) => printable(String(cell ?? '–').replace(/[\t\r\n]+/g, ' '))));
  const widths = (texts[0] ?? []).map((_, index) => Math.max(...texts.map((row) => lengthOf(row[index] ?? ''))));
  return texts.map((row) => `  ${row.map((text, index) => text + ' '.repeat((widths[index] ?? 0) - lengthOf(text))).join('  ')}`.trimEnd());
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

function sectionsOf(report: Report): Section[] {
  return [
    { title: 'Risk', rows: levelRows(report) },
    { title: 'Events, the most urgent first', rows: eventRows(report), rest: restOf(report.events, listCommand('events list', report)) },
    { title: 'Footage', rows: cameraRows(report) },
    { title: 'Holes', rows: holeRows(report), rest: restOf(report.holes, 'hs coverage --holes') },
    { title: 'Alerts', rows: alertRows(report), rest: restOf(report.alerts, listCommand('alerts list', report)) },
    { title: 'Changed views', rows: viewRows(report), rest: restOf(report.scene_changes, listCommand('scene-changes list', report)) },
    {
      title: 'Unread files',
      rows: fileRows(report),
      rest: restOfFiles(report),
    },
    { title: 'Unusual hours', rows: hourRows(report), rest: restOf(report.unusual_hours, 'hs baselines explain') },
  ];
}

function restOf({ total, items }: Listed<unknown>, command: string): string | undefined {
  return total > items.length ? `${total - items.length} more: ${command}` : undefined;
}

function restOfFiles(report: Report): string | undefined {
  const { undated_files: undated } = report.counts;
  return (
    restOf(report.files, listCommand('files list --status failed,partial', report)) ?? (undated > 0 ? undatedWords(undated) : undefined)
  );
}

function levelRows({ counts }: Report): Row[] {
  return LEVELS.filter((level) => counts.events_by_level[level] > 0).map((level) => [LEVEL_WORDS[level], counts.events_by_level[level]]);
}

function eventRows({ events }: Report): Row[] {
  return LEVELS.flatMap((level) =>
    events.items
      .filter((event) => levelOf(event) === level)
      .map((event) => [
        LEVEL_WORDS[level],
        event.risk_score,
        localWords(event.started_at_local),
        event.camera_name,
        `#${event.id}`,
        [eventWords(event), anomalyWords(event)].filter(Boolean).join(' · '),
      ]),
  );
}

function cameraRows({ cameras }: Report): Row[] {
  return cameras.map((camera) => [
    camera.camera_name,
    durationWords(camera.footage_s),
    camera.holes === 0 ? 'no holes' : `${durationWords(camera.missing_s)} missing`,
    camera.last_footage_at_local === null ? 'no footage' : `newest ${localWords(camera.last_footage_at_local)}`,
  ]);
}

function holeRows({ holes }: Report): Row[] {
  return holes.items.map((hole) => [
    hole.camera_id,
    localWords(hole.from_local),
    localWords(hole.to_local),
    durationWords(hole.seconds),
    CAUSE_WORDS[hole.cause],
  ]);
}

function alertRows({ alerts }: Report): Row[] {
  return alerts.items.map((alert) => [
    LEVEL_WORDS[alert.severity],
    localWords(alert.occurred_at_local),
    alert.camera_name,
    alert.status,
    alert.rule_name,
    alert.summary,
  ]);
}

function viewRows({ scene_changes: changes }: Report): Row[] {
  return changes.items.map((change) => [
    change.camera_id,
    localWords(change.detected_at_local),
    change.open ? 'open' : 'over',
    CHANGE_WORDS[change.change_type],
  ]);
}

function fileRows({ files }: Report): Row[] {
  return files.items.map((file) => [
    file.camera_id,
    file.captured_at_local && localWords(file.captured_at_local),
    file.status,
    file.path,
    file.message ?? file.code,
  ]);
}

function hourRows({ unusual_hours: hours }: Report): Row[] {
  return hours.items.map((hour) => [hour.camera_id, localWords(hour.started_at_local), unusualWords(hour)]);
}
