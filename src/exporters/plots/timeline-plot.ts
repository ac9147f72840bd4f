import { textWidth } from '../../lib/svg-text.ts';
import {
  fitted,
  FONT_SIZE,
  headHeight,
  lineSvg,
  paint,
  plotSvg,
  rectSvg,
  round,
  SMALL_FONT_SIZE,
  textSvg,
  widthOf,
  type PlotFrame,
} from './draw-svg.ts';
import { escapeXml } from '../../lib/svg-text.ts';
import { seriesColor, surface } from './plot-colors.ts';

/** Instants in milliseconds since 1970. `level` colours a mark as the risk levels are. */
export type TimelineMark = { atMs: number; label: string; level?: string };
export type TimelineLane = {
  label: string;
  covered: readonly { startMs: number; endMs: number }[];
  holes: readonly { startMs: number; endMs: number }[];
  marks: readonly TimelineMark[];
};
/** `ticks`: where the hours of the day lie, which on two days of the year are 23 or 25. */
export type TimelineData = {
  startMs: number;
  endMs: number;
  ticks: readonly { atMs: number; label: string }[];
  lanes: readonly TimelineLane[];
};

const LONGEST_LABEL = 0.28;
const LANE = 40;
const STRIP = 14;

type Scale = { x: (atMs: number) => number; left: number; right: number };

/** A strip of time for each lane: footage, holes in it, and marks above it. */
export function timelinePlot(frame: PlotFrame, data: TimelineData): string {
  const scale = scaleOf(frame, data);
  const top = headHeight(frame) + 22;
  const bottom = top + Math.max(1, data.lanes.length) * LANE;
  const lanes = data.lanes.flatMap((lane, index) => laneSvg(scale, lane, top + index * LANE));
  const empty = data.lanes.length === 0 ? [textSvg({ x: 4, y: top + 20, color: surface('quiet') }, 'no footage')] : [];
  return plotSvg(frame, bottom + 28, [...ticksSvg(scale, data, { top, bottom }), ...lanes, ...empty, ...legend(bottom + 6)]);
}

function scaleOf(frame: PlotFrame, { startMs, endMs, lanes }: TimelineData): Scale {
  const width = widthOf(frame);
  const label = Math.max(20, ...lanes.map((lane) => textWidth(lane.label, FONT_SIZE)));
  const left = Math.ceil(Math.min(label, width * LONGEST_LABEL) + 14);
  const right = width - 14;
  const perMs = endMs > startMs ? (right - left) / (endMs - startMs) : 0;
  return { x: (atMs) => left + (Math.min(endMs, Math.max(startMs, atMs)) - startMs) * perMs, left, right };
}

function ticksSvg({ x }: Scale, { ticks }: TimelineData, { top, bottom }: { top: number; bottom: number }): string[] {
  let freeFrom = -Infinity;
  return ticks.flatMap(({ atMs, label }) => {
    const [at, half] = [x(atMs), textWidth(label, SMALL_FONT_SIZE) / 2];
    if (at - half < freeFrom) return [];
    freeFrom = at + half + 6;
    return [lineSvg([at, top - 4], [at, bottom]), textSvg({ x: at, y: top - 8, anchor: 'middle', size: SMALL_FONT_SIZE }, label)];
  });
}

function laneSvg(scale: Scale, lane: TimelineLane, top: number): string[] {
  const y = top + LANE - STRIP - 6;
  const strip = (span: { startMs: number; endMs: number }) => {
    const x = scale.x(span.startMs);
    return { x, y, width: Math.max(0.75, scale.x(span.endMs) - x), height: STRIP };
  };
  return [
    textSvg({ x: scale.left - 8, y: y + STRIP / 2 + 4, anchor: 'end' }, fitted(lane.label, scale.left - 10)),
    rectSvg({ x: scale.left, y, width: scale.right - scale.left, height: STRIP }, surface('track')),
    ...lane.covered.map((span) => rectSvg(strip(span), surface('covered'))),
    ...lane.holes.map((span) => rectSvg({ ...strip(span), y: y + STRIP / 2 - 2, height: 4 }, surface('hole'), 'hole')),
    ...lane.marks.map((mark) => markSvg(scale.x(mark.atMs), y - 2, mark)),
  ];
}

/** A triangle that points at its moment. */
function markSvg(x: number, tip: number, { label, level }: TimelineMark): string {
  const color = level === undefined ? surface('mark') : seriesColor(level, 0);
  const path = `M${round(x)} ${round(tip)}l-5 -9h10z`;
  return `<path d="${path}" ${paint(color)}><title>${escapeXml(label)}</title></path>`;
}

function legend(y: number): string[] {
  return [
    rectSvg({ x: 4, y, width: 14, height: 14 }, surface('covered')),
    textSvg({ x: 23, y: y + 11, size: SMALL_FONT_SIZE }, 'footage'),
    rectSvg({ x: 84, y: y + 5, width: 14, height: 4 }, surface('hole')),
    textSvg({ x: 103, y: y + 11, size: SMALL_FONT_SIZE }, 'hole'),
    `<path d="M150 ${round(y + 12)}l-5 -9h10z" ${paint(surface('mark'))}/>`,
    textSvg({ x: 160, y: y + 11, size: SMALL_FONT_SIZE }, 'event'),
  ];
}
