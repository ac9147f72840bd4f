import type { Knex } from 'knex';

import { findSpansAfter, findSpansBefore, type SpanTable } from '../../db/models/derivation.ts';
import { EVENT_PAUSE_MS } from '../../domain/group-events.ts';

/** Footage time in ms, both ends included. */
export type Span = { fromMs: number; untilMs: number };

const PAGE = 200;

type Store = { knex: Knex; cameraId: string };

/** The last instant up to `fromMs` at which no stored track was live: tracking can start there. */
export function widenBackToTracks(store: Store, fromMs: number): Promise<number> {
  return widenBack({ ...store, table: 'tracks', separatingMs: 0 }, fromMs);
}

/** Widens a span to the nearest pauses between events on both sides: grouping inside equals grouping of everything. */
export async function widenToEvents(store: Store, span: Span): Promise<Span> {
  const options = { ...store, table: 'events', separatingMs: EVENT_PAUSE_MS + 1 } as const;
  return { fromMs: await widenBack(options, span.fromMs), untilMs: await widenForward(options, span.untilMs) };
}

/** Spans at least `separatingMs` apart do not touch. */
type WidenOptions = Store & { table: SpanTable; separatingMs: number };

async function widenBack({ separatingMs, ...source }: WidenOptions, fromMs: number): Promise<number> {
  let startMs = fromMs;
  for (let offset = 0; ; offset += PAGE) {
    const spans = await findSpansBefore(source.knex, { ...source, before: new Date(fromMs), offset, limit: PAGE });
    for (const { started, ended } of spans) {
      if (startMs - ended.getTime() >= separatingMs) return startMs;
      startMs = Math.min(startMs, started.getTime());
    }
    if (spans.length < PAGE) return startMs;
  }
}

async function widenForward({ separatingMs, ...source }: WidenOptions, untilMs: number): Promise<number> {
  let endMs = untilMs;
  for (let offset = 0; ; offset += PAGE) {
    const spans = await findSpansAfter(source.knex, { ...source, after: new Date(untilMs), offset, limit: PAGE });
    for (const { started, ended } of spans) {
      if (started.getTime() - endMs >= separatingMs) return endMs;
      endMs = Math.max(endMs, ended.getTime());
    }
    if (spans.length < PAGE) return endMs;
  }
}
