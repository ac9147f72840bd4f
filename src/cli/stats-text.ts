import { SEVERITIES } from '../domain/enums.ts';
import { counted } from '../lib/counted.ts';
import { formatBytes } from '../lib/format-bytes.ts';
import { barText } from './bar-text.ts';
import { chooseColumns, plainText, type CellValue, type Column } from './column.ts';
import { formatDuration } from './format-duration.ts';
import { recordColumns } from './record-columns.ts';
import type { Terminal } from './terminal.ts';

type Values = Readonly<Record<string, CellValue>>;
type Rate = { seconds: number; files: number; files_per_s: number; times_real_time: number };
type Figures = Values & { classes: Readonly<Record<string, number>>; ingest_runs: readonly Rate[] };

const FILE_STATES = ['done', 'partial', 'failed', 'empty', 'skipped', 'pending', 'processing'];
const LEVELS = SEVERITIES.toReversed();
const BAR = 10;
/** Less than this has room for the counts alone. */
const WIDE = 100;

/** What is shown of the one record: for people the store in a dozen lines. */
export function headlineRecord(figures: Figures, columns: readonly Column<Values>[], isPlain: boolean): Record<string, CellValue> {
  return isPlain ? headlineLines(figures) : Object.fromEntries(columns.map(({ key }) => [key, figures[key]]));
}

/** What there is none of is left out. */
function headlineLines(figures: Figures): Record<string, CellValue> {
  const number = (name: string): number => Number(figures[name] ?? 0);
  const parts = (prefix: string, names: readonly string[]): string =>
    joined(names.map((name) => [name, number(`${prefix}_${name}`)] as const).filter(([, count]) => count > 0));
  const [newest, ...before] = figures.ingest_runs;
  return {
    cameras: number('cameras'),
    footage: footageText(figures),
    files: withParts(number('files'), parts('files', FILE_STATES)),
    detections: number('detections'),
    tracks: withParts(number('tracks'), joined(Object.entries(figures.classes))),
    events: withParts(number('events'), parts('events', [...LEVELS, 'unscored'])),
    reviewed: number('events') === 0 ? null : number('events_reviewed'),
    scores: figures['score_median'] === null ? null : `median ${number('score_median')}, p90 ${number('score_p90')}`,
    alerts: withParts(number('alerts'), parts('alerts', LEVELS)),
    'last ingest': newest === undefined ? null : rateText(newest),
    'before that': before.length === 0 ? null : before.map((run) => `${String(run.times_real_time)} ×`).join(', '),
    database: formatBytes(number('database_bytes')),
  };
}

function footageText(figures: Values): string {
  const hours = `${plainText(figures['footage_hours'])} h`;
  const [first, last] = [figures['first_footage_at_local'], figures['last_footage_at_local']];
  return first === null ? hours : `${hours} from ${plainText(first)} to ${plainText(last)}`;
}

function rateText({ files, seconds, files_per_s: rate, times_real_time: times }: Rate): string {
  return `${counted(files, 'file')} in ${formatDuration(seconds * 1000)}: ${String(rate)} files/s, ${String(times)} × real time`;
}

function withParts(count: number, parts: string): string {
  return parts === '' ? String(count) : `${String(count)}: ${parts}`;
}

function joined(parts: readonly (readonly [name: string, count: number])[]): string {
  return parts.map(([name, count]) => `${String(count)} ${name || 'without a class'}`).join(', ');
}

const TITLES: Readonly<Record<string, string>> = {
  footage_hours: 'hours',
  events_critical: 'crit',
  events_high: 'high',
  events_medium: 'med',
  events_low: 'low',
  events_unscored: 'unscored',
  events_reviewed: 'reviewed',
  events_percent: '%',
  score_mean: 'mean',
  score_p90: 'p90',
  last_footage_at: 'last footage',
};

type GroupOptions = { names: readonly string[]; rows: readonly Values[]; terminal: Terminal; isTable: boolean };

/** Columns of groups; for people with a bar beside the count that matters most. */
export function groupColumns({ names, rows, terminal, isTable }: GroupOptions): Column<Values>[] {
  const defaults = names.filter((name) => name !== 'timezone' && !name.endsWith('_local'));
  const columns = recordColumns(names, defaults).map((column) => asShown(column));
  if (!isTable) return columns;
  if (terminal.width < WIDE) return columns.map((column) => (isFirstToGo(column.key) ? { ...column, isExtra: true } : column));
  if (!terminal.isInteractive) return columns;
  const main = names.includes('tracks') && !names.includes('files') ? 'tracks' : 'events';
  const at = columns.findIndex(({ key }) => key === main) + 1;
  return columns.toSpliced(at, 0, barColumn(main, rows, terminal));
}

function asShown(column: Column<Values>): Column<Values> {
  const title = TITLES[column.key];
  const isName = ['camera_id', 'date', 'class', 'level'].includes(column.key) || column.key.startsWith('last_');
  const isPart = /^(events_|alerts|score_)/.test(column.key);
  return {
    ...column,
    ...(title === undefined ? {} : { title }),
    align: isName ? 'left' : 'right',
    // Zeros of rare things hide the few that are none.
    ...(isPart ? { format: (row) => (column.value(row) === 0 ? '' : plainText(column.value(row))) } : {}),
  };
}

function isFirstToGo(key: string): boolean {
  return key === 'files' || key.startsWith('score_') || key.startsWith('last_');
}

function barColumn(main: string, rows: readonly Values[], terminal: Terminal): Column<Values> {
  const sizeOf = (row: Values): number => Number(row[main] ?? 0);
  const largest = rows.reduce((most, row) => Math.max(most, sizeOf(row)), 0);
  return { key: 'bar', title: '', value: () => null, format: (row) => barText(sizeOf(row) / largest, BAR, terminal) };
}

/** Columns of the one record, those asked for or all. */
export function headlineColumns(names: readonly string[], wanted: readonly string[] | undefined): Column<Values>[] {
  const columns = names.map((name): Column<Values> => ({ key: name, value: (record) => record[name] }));
  return chooseColumns(columns, wanted);
}
