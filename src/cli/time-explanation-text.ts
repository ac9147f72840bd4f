import type { ExplainedSource, TimeExplanation } from '../domain/time/time-explanation.ts';
import { padToWidth } from './display-width.ts';
import type { Terminal } from './terminal.ts';
import { visibleText } from './visible-text.ts';
import { wrapText } from './wrap-text.ts';

type TimeExplanationTextOptions = {
  terminal: Terminal;
  /** Every template that was tried, not only the number per layout. */
  verbose: boolean;
};

const READABLE_WIDTH = 80;
const KEY_WIDTH = 11;

type Row = readonly [key: string, value: string, indent?: number];

/** How one file got its capture time, for people: nothing wider than 80 columns or the terminal. */
export function timeExplanationText(explanation: TimeExplanation, { terminal, verbose }: TimeExplanationTextOptions): string {
  const width = Math.min(terminal.width, READABLE_WIDTH);
  const rows: Row[] = [
    ...subjectRows(explanation),
    ...outcomeRows(explanation),
    ...explanation.warnings.map(({ code, message }): Row => ['warning', `${code}: ${message}`]),
    ...explanation.sources.flatMap(sourceRows),
    ...templateRows(explanation, verbose),
  ];
  const lines = rows.flatMap(([key, value, indent = 0], index) => {
    const label = rows[index - 1]?.[0] === key ? '' : key;
    const parts = wrapText(visibleText(value), width - KEY_WIDTH - 2 - indent);
    return parts.map((part, line) => {
      const shownKey = terminal.style('bold', padToWidth(line === 0 ? label : '', KEY_WIDTH));
      return `  ${shownKey}${' '.repeat(indent)}${part}`;
    });
  });
  return `${[...wrapText(visibleText(explanation.path), width), ...lines].join('\n')}\n`;
}

function subjectRows({ camera, zone, clock_offset_s: offset, media_type: type, duration_ms: ms, unreadable }: TimeExplanation): Row[] {
  const length = ms === undefined ? '' : `, ${String(ms / 1000)} s`;
  return [
    ['file', type === 'image' ? 'still' : `video${length || ' of unknown length'}`],
    ...(unreadable ? [['unreadable', `${unreadable.code}: ${unreadable.message}`] satisfies Row] : []),
    ['camera', 'failure' in camera ? camera.message : `${camera.id} (${CAMERA_ORIGINS[camera.from]})`],
    ['zone', `${zone}${offset === 0 ? '' : `, camera clock corrected by ${String(offset)} s`}`],
  ];
}

const CAMERA_ORIGINS = {
  flag: 'given by --camera',
  template: 'named in the path',
  known: 'known by its folder',
  folder: 'first folder of the path',
  root: 'name of the folder',
} as const;

function outcomeRows({ decision, failure }: TimeExplanation): Row[] {
  if (!decision) return [['no time', failure?.message ?? '']];
  const { start, start_local: startLocal, end, end_local: endLocal, ambiguous, moving } = decision;
  return [
    ['start', `${startLocal}  = ${start}`],
    ...(end === start ? [] : [['end', `${endLocal}  = ${end}`] satisfies Row]),
    ['from', `${decision.source}, ${CONFIDENCE_TEXTS[decision.confidence]}, read in ${decision.read_in_zone}`],
    ...(ambiguous ? [['ambiguous', 'this hour occurs twice; the earlier is taken until neighbouring files decide'] satisfies Row] : []),
    ...(moving ? [['moving', 'the camera moves: every sampled frame is analysed'] satisfies Row] : []),
  ];
}

const CONFIDENCE_TEXTS = { exact: 'exact', minute: 'to the minute', low: 'low confidence' } as const;

/** `*` marks the source that was taken. */
function sourceRows({ source, chosen, start, other_reading: other, rejected, template }: ExplainedSource): Row[] {
  const head = `${chosen ? '*' : ' '} ${padToWidth(source, 9)}  `;
  const told = start === undefined ? (rejected ?? '') : `${start}${other === undefined ? '' : ` or ${other}`}`;
  const rows: Row[] = [['sources', head + told]];
  if (start !== undefined && rejected !== undefined) rows.push(['sources', `refused, ${rejected}`, head.length]);
  if (template !== undefined) rows.push(['sources', template, head.length]);
  return rows;
}

function templateRows({ templates, layout }: TimeExplanation, verbose: boolean): Row[] {
  const shown = templates.filter(({ matched }) => verbose || matched);
  const rows = shown.map(({ layout: name, template, matched }): Row => ['templates', `${matched ? '+' : '-'} ${name}: ${template}`]);
  const matching = new Set(templates.filter((tried) => tried.matched).map((tried) => tried.layout));
  const others = [...new Set(templates.map((tried) => tried.layout))].filter((name) => !matching.has(name));
  if (!verbose && others.length > 0) rows.push(['templates', `no match: ${others.join(', ')}`]);
  return layout !== undefined && matching.size > 1 ? [...rows, ['templates', `the first that matches is used: ${layout}`]] : rows;
}
