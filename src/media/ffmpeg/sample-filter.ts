import type { Size } from '../../domain/box.ts';
import type { SamplePlan } from '../../domain/sampling.ts';
import type { ShowinfoPlaces } from './decoder-log.ts';

const FIRST_OFFSET_MS = 500;
const KEYFRAME_GAP_MS = 200;
const SHORT_FILE_SHARE = 0.1;

/** Where `showinfo` stands in the chain below, which is longer where it ends before the file does. */
export function showinfoPlaces(endMs: number | undefined): ShowinfoPlaces {
  return endMs === undefined ? { decoded: 1, selected: 5 } : { decoded: 2, selected: 6 };
}

export type SampleFilterOptions = {
  plan: SamplePlan;
  durationMs?: number | undefined;
  original: Size;
  target: Size;
  /** The first frame at or after this offset ends it all. */
  endMs?: number | undefined;
};

/**
 * Side data goes first: newer builds print it, byte by byte, for every frame. Then every decoded frame is logged (the truth
 * about damage; +2 % CPU), then the samples alone are scaled. `area` costs what `fast_bilinear` does and does not alias.
 */
export function sampleFilter(options: SampleFilterOptions): string {
  const { original, target } = options;
  const isSmaller = target.width <= original.width && target.height <= original.height;
  const scaler = isSmaller ? 'area' : 'bicubic';
  return [
    'sidedata=mode=delete',
    ...(options.endMs === undefined ? [] : [`trim=end=${String(options.endMs / 1000)}`]),
    'showinfo=checksum=0',
    `select='${selectExpression(options.plan, options.durationMs)}'`,
    `scale=${target.width}:${target.height}:flags=${scaler}`,
    'format=rgb24',
    'showinfo=checksum=0',
  ].join(',');
}

/** The first frame of each new slot, with offsets rounded to ms exactly as the domain's sampling does. */
export function selectExpression(plan: SamplePlan, durationMs?: number): string {
  if (plan.mode === 'all') return '1';
  if (plan.mode === 'still') return 'isnan(prev_selected_t)';
  if (plan.mode === 'keyframes') {
    return `isnan(prev_selected_t)+gte(round(t*1000)-round(prev_selected_t*1000),${KEYFRAME_GAP_MS})`;
  }
  if (plan.mode === 'at') return plan.offsetsMs.map((wanted) => `eq(round(t*1000),${wanted})`).join('+');
  const stepMs = plan.mode === 'every' ? plan.seconds * 1000 : 1000 / plan.fps;
  const first = `round(${FIRST_OFFSET_MS}+ld(1)*${stepMs})`;
  return [
    'st(0,round(t*1000))',
    `st(1,floor((ld(0)-${FIRST_OFFSET_MS})/${stepMs})+1)`,
    // ld(1) is now slot + 1; the next slot may have begun already, because its offset is rounded to ms.
    `st(1,ld(1)+lte(${first},ld(0)))`,
    ...shortFileTerms(durationMs),
    // Variables live as long as the filter: ld(5) is the last slot served + 1. No pts: every comparison with NaN is 0.
    'if(gt(ld(1),ld(5)),1+0*st(5,ld(1)),0)',
  ].join(';');
}

/** A file of at most 0.5 s is served by the first frame at or after 10 % of it. Should it go on, the usual slots follow. */
function shortFileTerms(durationMs: number | undefined): string[] {
  if (durationMs === undefined || durationMs > FIRST_OFFSET_MS) return [];
  return [`st(1,max(ld(1),gte(ld(0),${Math.round(durationMs * SHORT_FILE_SHARE)})))`];
}
