import { createHash } from 'node:crypto';

import type { WorkGroup } from '../../domain/plan/estimate-work.ts';
import { utcToLocal } from '../../domain/time/local-time.ts';
import type { SeenFile, SeenState } from '../ingest/scan/scan-context.ts';

export type FileCount = { files: number; bytes: number };
export type MonthCount = FileCount & { camera: string; month: string; footage_ms: number };

/** States of files that an ingest would analyse. */
export const TO_DO: ReadonlySet<SeenState> = new Set(['new', 'changed', 'again']);

export type PlanBook = {
  note: (seen: SeenFile) => void;
  states: () => ReadonlyMap<SeenState, FileCount>;
  /** Of what is to be done, by camera and month. */
  months: () => MonthCount[];
  groups: () => WorkGroup[];
  /** Files to do whose footage has no known length: no estimate counts them. */
  unmeasurable: () => number;
  /** Some of the files to do, chosen by their names alone: the same ones each time. */
  sample: (kind: 'image' | 'video') => SeenFile[];
};

/** More would be a list of everything; less would say little. */
const SAMPLE = 40;

/** What becomes of listed files, in counts: any number of files takes the same memory. `zone`: that months are told in. */
export function createPlanBook(zone: string): PlanBook {
  const states = new Map<SeenState, FileCount>();
  const months = new Map<string, MonthCount>();
  const groups = new Map<string, WorkGroup>();
  const samples = { image: createSample(), video: createSample() };
  let unmeasurable = 0;
  return {
    note(seen) {
      add(entry(states, seen.state, { files: 0, bytes: 0 }), seen);
      if (!TO_DO.has(seen.state)) return;
      const month = entry(months, monthKey(seen, zone), { ...placeOf(seen, zone), files: 0, bytes: 0, footage_ms: 0 });
      add(month, seen);
      month.footage_ms += seen.durationMs ?? 0;
      const units = unitsOf(seen);
      if (units === undefined) {
        unmeasurable += 1;
        return;
      }
      const key = workKey(seen);
      const group = entry(groups, key, { key, kind: seen.mediaType, files: 0, units: 0 });
      group.files += 1;
      group.units += units;
      samples[seen.mediaType].offer(seen);
    },
    states: () => states,
    months: () => [...months.values()].sort((a, b) => compare(a.camera, b.camera) || compare(a.month, b.month)),
    groups: () => [...groups.values()],
    unmeasurable: () => unmeasurable,
    sample: (kind) => samples[kind].files(),
  };
}

/** What files have in common that cost about the same. */
export function workKey({ mediaType, codec, height }: Pick<SeenFile, 'mediaType' | 'codec' | 'height'>): string {
  return `${mediaType} ${codec ?? '?'} ${String(height ?? '?')}`;
}

/** Stills count, videos are as much as their seconds; undefined where those are not known. */
export function unitsOf({ mediaType, durationMs }: Pick<SeenFile, 'mediaType' | 'durationMs'>): number | undefined {
  if (mediaType === 'image') return 1;
  return durationMs === undefined || durationMs <= 0 ? undefined : durationMs / 1000;
}

function monthKey(seen: SeenFile, zone: string): string {
  const { camera, month } = placeOf(seen, zone);
  return `${month} ${camera}`;
}

function placeOf({ camera = '', startMs }: SeenFile, zone: string): { camera: string; month: string } {
  if (startMs === undefined) return { camera, month: '' };
  const { year, month } = utcToLocal(startMs, zone);
  return { camera, month: `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}` };
}

function add(count: FileCount, { sizeBytes }: SeenFile): void {
  count.files += 1;
  count.bytes += sizeBytes;
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, empty: Value): Value {
  const known = map.get(key) ?? empty;
  map.set(key, known);
  return known;
}

/** The files whose names have the smallest hashes: as good as drawn by lot. */
function createSample(): { offer: (seen: SeenFile) => void; files: () => SeenFile[] } {
  let kept: { lot: string; seen: SeenFile }[] = [];
  return {
    offer(seen) {
      const lot = createHash('sha256').update(seen.path).digest('hex');
      const last = kept.at(-1);
      if (kept.length >= SAMPLE && last !== undefined && lot >= last.lot) return;
      kept = [...kept, { lot, seen }].sort((a, b) => compare(a.lot, b.lot)).slice(0, SAMPLE);
    },
    files: () => kept.map(({ seen }) => seen),
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
