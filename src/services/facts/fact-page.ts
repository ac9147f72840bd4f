import type { EventHeadRow } from '../../db/queries/facts/event-heads.ts';
import type { EventSubjectRow, TrackSpan } from '../../db/queries/facts/event-subjects.ts';
import type { StoredResults } from '../../db/queries/facts/identities.ts';

/** Events whose facts are gathered together, and what was found of them so far. */
export type FactPage = {
  ids: readonly number[];
  heads: readonly EventHeadRow[];
  subjects: readonly EventSubjectRow[];
  /** Time zone of each camera of the page. */
  zoneOf: (cameraId: string) => string;
  stored: StoredResults;
};

/** Each track once, from its begin to the last moment that an event of the page asks about. */
export function spansOfTracks(subjects: readonly EventSubjectRow[]): TrackSpan[] {
  const spans = new Map<number, TrackSpan>();
  for (const { track_id: trackId, camera_id: cameraId, first_seen: from, last_seen: until } of subjects) {
    const known = spans.get(trackId);
    if (!known || known.until < until) spans.set(trackId, { trackId, cameraId, from, until });
  }
  return [...spans.values()];
}
