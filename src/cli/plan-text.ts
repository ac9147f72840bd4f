import { counted } from '../lib/counted.ts';
import { formatBytes } from '../lib/format-bytes.ts';
import { aboutBytes, aboutDuration, aboutNumber, aboutText } from './about-text.ts';
import type { Column } from './column.ts';
import { displayWidth, padToWidth } from './display-width.ts';
import { formatDuration } from './format-duration.ts';
import { tableLines } from './table-lines.ts';
import type { Terminal } from './terminal.ts';

type Estimate = { likely: number; low: number | null; high: number | null };
type Month = { camera: string; month: string; files: number; bytes: number; footage_ms: number };

/** Names as in JSON. */
type Plan = {
  found: number;
  unlisted: number;
  states: readonly { state: string; files: number; bytes: number }[];
  to_do: { files: number; bytes: number; stills: number; videos: number; footage_s: number };
  months: readonly Month[];
  detector: string;
  workers: number;
  cores: number;
  basis: readonly { kind: 'image' | 'video'; from: string; files: number }[];
  probe_s: number | null;
  work_s: Estimate | null;
  wall_s: Estimate | null;
  overhead: (Estimate & { runs: number }) | null;
  database_bytes: Estimate | null;
  unknown_files: number;
  left_files: Estimate | null;
  beyond_limit: boolean;
};

type Row = [key: string, value: string];

const STATES: Readonly<Record<string, string>> = {
  new: 'new',
  changed: 'changed',
  again: 'known, to be analysed',
  known: 'known',
  moved: 'moved',
  copy: 'copies',
  duplicate: 'duplicates',
  busy: 'worked on by another run',
  damaged: 'damaged',
  left: 'left for later',
};

const NOTES: Readonly<Record<string, string>> = { damaged: '; hs ingest --dry-run names them' };

/** What an ingest would take in and how long that takes, for people. */
export async function planText(plan: Plan, terminal: Terminal): Promise<string> {
  const rows = [...fileRows(plan), ...(plan.to_do.files === 0 ? [] : estimateRows(plan))];
  const width = Math.max(...rows.map(([key]) => displayWidth(key)));
  let text = rows.map(([key, value]) => `${terminal.style('bold', padToWidth(key, width))}  ${value}\n`).join('');
  if (plan.months.length === 0) return text;
  for await (const lines of tableLines(each(plan.months), { columns: MONTH_COLUMNS, terminal, emptyText: '' })) text += `\n${lines}`;
  return text;
}

const MONTH_COLUMNS: Column<Month>[] = [
  { key: 'camera', value: (month) => month.camera },
  { key: 'month', value: (month) => month.month },
  { key: 'files', value: (month) => month.files, align: 'right' },
  { key: 'size', value: (month) => formatBytes(month.bytes), align: 'right' },
  { key: 'video', value: (month) => (month.footage_ms > 0 ? formatDuration(month.footage_ms) : ''), align: 'right' },
];

// eslint-disable-next-line @typescript-eslint/require-await
async function* each(months: readonly Month[]): AsyncGenerator<Month> {
  yield* months;
}

function fileRows({ found, unlisted, states, to_do: toDo, beyond_limit: isBeyond }: Plan): Row[] {
  const order = Object.keys(STATES);
  const shown = states.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const kinds = [
    ...(toDo.stills > 0 ? [counted(toDo.stills, 'still')] : []),
    ...(toDo.videos > 0 ? [counted(toDo.videos, 'video')] : []),
    ...(toDo.footage_s > 0 ? [`${formatDuration(toDo.footage_s * 1000)} of video`] : []),
  ];
  return [
    ['found', counted(found, 'file')],
    ...shown.map(({ state, files, bytes }): Row => [
      `  ${STATES[state] ?? state}`,
      `${String(files)}, ${formatBytes(bytes)}${NOTES[state] ?? ''}`,
    ]),
    ...(unlisted > 0 ? [['  left out', counted(unlisted, 'file')] satisfies Row] : []),
    ['to do', [counted(toDo.files, 'file'), formatBytes(toDo.bytes), ...kinds].join(', ')],
    ...(isBeyond ? [['limit', 'reached: what comes after it was not looked at'] satisfies Row] : []),
  ];
}

function estimateRows(plan: Plan): Row[] {
  const { detector, workers, cores, work_s: work, wall_s: wall, database_bytes: growth, left_files: left } = plan;
  const unknown = 'unknown: nothing was measured';
  const crowd = workers > cores ? `; this machine has ${counted(cores, 'core')}, and more workers than that are no faster` : '';
  return [
    ['detector', detector],
    ['measured', basisText(plan)],
    ['work', work === null ? unknown : `${aboutText(work, aboutDuration)} of one worker`],
    [
      'time',
      wall === null ? unknown : `${aboutText(wall, aboutDuration)} with ${counted(workers, 'worker')}${crowd}; ${overheadText(plan)}`,
    ],
    ['database', growth === null ? 'unknown: too little is in it to say how much it grows' : `${aboutText(growth, aboutBytes)} more`],
    ...(plan.unknown_files > 0
      ? [['not counted', `${counted(plan.unknown_files, 'file')} of which nothing alike was measured`] satisfies Row]
      : []),
    ...(left === null ? [] : [['left then', `${aboutText(left, aboutNumber)} of ${counted(plan.to_do.files, 'file')}`] satisfies Row]),
  ];
}

function basisText({ basis, probe_s: probeS }: Plan): string {
  const names = { image: 'still', video: 'video' };
  const parts = basis.map(({ kind, from, files }) =>
    from === 'nothing' ? `no ${names[kind]}s` : `${counted(files, names[kind])} of ${from === 'probe' ? 'these, in a probe' : from}`,
  );
  return `${parts.join(', ')}${probeS === null ? '' : `; the probe took ${aboutDuration(probeS)}`}`;
}

function overheadText({ overhead }: Plan): string {
  if (overhead === null) return 'listing, deriving and scoring come on top';
  return `listing, deriving and scoring included, as in ${counted(overhead.runs, 'earlier run')}`;
}
