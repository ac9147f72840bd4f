import { alertsText, type RunAlerts } from './alerts-text.ts';
import { formatDuration } from './format-duration.ts';
import { givenLines, type GivenSummary } from './given-text.ts';
import { displayWidth, padToWidth } from './display-width.ts';
import type { Terminal } from './terminal.ts';
import { visibleText } from './visible-text.ts';
import { counted } from '../lib/counted.ts';

type Problem = { path: string; status: string; code: string; message: string };

/** What the summary shows of an outcome. Counts of files unless said otherwise; times in ms. */
type Outcome = {
  tally: {
    found: number;
    elsewhere: number;
    known: number;
    knownDamaged: number;
    moved: number;
    copies: number;
    duplicates: number;
    busy: number;
    taken: number;
    finished: number;
    done: number;
    partial: number;
    failed: number;
    empty: number;
    skipped: number;
    unlisted: number;
    otherSettings: number;
    frames: number;
    inferences: number;
    detections: number;
    finishedFootageMs: number;
    takenFootageMs: number;
  };
  changes: { created: number; changed: number; absorbed: number; deleted: number; orphaned: readonly number[] };
  scored?: Readonly<Record<'low' | 'medium' | 'high' | 'critical', number>> | undefined;
  alerts?: RunAlerts | undefined;
  openSceneChanges?: number | undefined;
  findings?: readonly { kind: string; count: number }[] | undefined;
  enriched?: readonly { name: string; model: string; crops: number; found: number; lost: number; failedFiles: number }[];
  given?: GivenSummary | undefined;
  detector: string;
  device: string | undefined;
  elapsedMs: number;
  stoppedBy: string | undefined;
};

type IngestTextOptions = {
  /** The first ones, and how many there are. */
  problems: { first: () => readonly Problem[]; count: () => number };
  terminal: Terminal;
  dryRun: boolean;
};

const SHOWN_PROBLEMS = 20;

/** The summary of a run for people: what came in, what was found, what is wrong with which file. */
export function ingestText(outcome: Outcome, options: IngestTextOptions): string {
  const { terminal, dryRun } = options;
  const rows = dryRun ? planRows(outcome) : resultRows(outcome);
  const width = Math.max(...rows.map(([key]) => displayWidth(key)));
  const table = rows.map(([key, value]) => `${terminal.style('bold', padToWidth(key, width))}  ${value}`);
  return [...table, ...problemLines(options), ...remarks(outcome)].map((line) => `${line}\n`).join('');
}

type Row = [key: string, value: string];

function planRows({ tally }: Outcome): Row[] {
  return [
    ['found', foundText(tally)],
    ['would analyse', `${counted(tally.taken, 'file')}${footage(tally.takenFootageMs)}`],
    ['known', knownText(tally)],
  ];
}

function resultRows({ tally, changes, scored, alerts, enriched = [], detector, device, elapsedMs }: Outcome): Row[] {
  const speed = elapsedMs > 0 && tally.finished > 0 ? `, ${(tally.frames / (elapsedMs / 1000)).toFixed(1)} frames/s` : '';
  const events: [string, number][] = [
    ['new', changes.created],
    ['changed', changes.changed],
    ['absorbed', changes.absorbed],
    ['removed', changes.deleted],
  ];
  return [
    ['found', foundText(tally)],
    ['analysed', `${counted(tally.finished, 'file')}${footage(tally.finishedFootageMs)}, ${counted(tally.frames, 'frame')}`],
    ['known', knownText(tally)],
    [
      'damaged',
      countText([
        ['in part', tally.partial],
        ['failed', tally.failed],
        ['empty', tally.empty],
        ['left out', tally.unlisted],
      ]),
    ],
    [
      'detections',
      `${String(tally.detections)} by ${detector}${device === undefined ? '' : ` on ${device}`}, ${String(tally.inferences)} inferences`,
    ],
    ['events', countText(events)],
    ...enriched.map((stage): Row => [stage.name, enrichedText(stage)]),
    ...(scored === undefined ? [] : [['scored', scoredText(scored)] satisfies Row]),
    ...alertRows(alerts),
    ['time', `${formatDuration(elapsedMs)}${speed}`],
  ];
}

/** The worst first. */
function scoredText(scored: NonNullable<Outcome['scored']>): string {
  return countText((['critical', 'high', 'medium', 'low'] as const).map((level) => [level, scored[level]]));
}

function alertRows(alerts: Outcome['alerts']): Row[] {
  const text = alerts && alertsText(alerts);
  return text === undefined ? [] : [['alerts', text]];
}

function enrichedText({ model, crops, found, lost, failedFiles }: NonNullable<Outcome['enriched']>[number]): string {
  const missing = countText([
    ['gone', lost],
    ['files not read', failedFiles],
  ]);
  return `${String(found)} located on ${counted(crops, 'crop')} by ${model}${missing === 'none' ? '' : `; ${missing}`}`;
}

function foundText({ found, elsewhere }: Outcome['tally']): string {
  return elsewhere === 0 ? counted(found, 'file') : `${counted(found, 'file')}, and ${counted(elsewhere, 'file')} of other shards`;
}

function footage(durationMs: number): string {
  return durationMs > 0 ? ` (${formatDuration(durationMs)} of video)` : '';
}

function knownText(tally: Outcome['tally']): string {
  const { known, moved, copies, duplicates, busy, knownDamaged, skipped } = tally;
  return countText([
    ['unchanged', known],
    ['moved', moved],
    ['copies', copies],
    ['duplicates', duplicates],
    ['damaged before', knownDamaged],
    ['left for later', skipped],
    ['worked on by another run', busy],
  ]);
}

function countText(counts: readonly [label: string, count: number][]): string {
  const shown = counts.filter(([, count]) => count > 0).map(([label, count]) => `${String(count)} ${label}`);
  return shown.length === 0 ? 'none' : shown.join(', ');
}

function problemLines({ problems, terminal }: IngestTextOptions): string[] {
  if (problems.count() === 0) return [];
  const lines = problems
    .first()
    .slice(0, SHOWN_PROBLEMS)
    .flatMap(({ path, status, code, message }) => [
      `${terminal.style('yellow', status)} ${code}  ${visibleText(path)}`,
      `    ${visibleText(message)}`,
    ]);
  const more = problems.count() - SHOWN_PROBLEMS;
  return ['', ...lines, ...(more > 0 ? [`and ${String(more)} more: hs files list --failed`] : [])];
}

function remarks({ tally, changes, openSceneChanges, findings, given, stoppedBy }: Outcome): string[] {
  const lines = given === undefined ? [] : givenLines(given);
  if (stoppedBy !== undefined) {
    const left = Math.max(0, tally.taken - tally.finished);
    const why = { signal: 'stopped', deadline: 'out of time', limit: 'limit reached' }[stoppedBy] ?? stoppedBy;
    // Files beyond the limit are not even listed: there is no number to tell.
    const rest = left === 0 ? 'the same command goes on' : `${String(left)} listed files are left; the same command goes on with them`;
    lines.push(`${why}: ${rest}`);
  }
  if (tally.otherSettings > 0) {
    lines.push(
      `${String(tally.otherSettings)} known files were analysed with another detector or other settings; --redo all analyses them again`,
    );
  }
  if (changes.orphaned.length > 0) {
    lines.push(`events without detections, kept for their notes: ${changes.orphaned.join(', ')}`);
  }
  lines.push(...findingLines({ openSceneChanges, findings }));
  return lines.length === 0 ? [] : ['', ...lines];
}

function findingLines({ openSceneChanges = 0, findings = [] }: Pick<Outcome, 'openSceneChanges' | 'findings'>): string[] {
  const asked = findings.map(({ kind, count }) => `${String(count)} × ${kind}`).join(', ');
  return [
    ...(openSceneChanges > 0 ? [`${counted(openSceneChanges, 'open scene change')}: hs scene-changes list --open`] : []),
    ...(asked === '' ? [] : [`--fail-on: ${asked}`]),
  ];
}
