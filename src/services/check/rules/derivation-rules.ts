import { findSharedDetections, findWrongEventCounts } from '../../../db/queries/check/events.ts';
import { findLostParents } from '../../../db/queries/check/references.ts';
import {
  findDetectionsOfNoTrack,
  findTracksOfNothing,
  findUnderivedFootage,
  findWrongTrackCounts,
} from '../../../db/queries/check/tracks.ts';
import type { CheckRule } from '../check-rule.ts';

/** Of what is derived from detections, and of references as a whole. */
export const DERIVATION_RULES: readonly CheckRule[] = [
  {
    id: 'T1',
    severity: 'E',
    title: 'A detection of a track belongs to a track that exists.',
    why: 'No foreign key holds this: dwell times and confirmed objects are read through it.',
    isBounded: true,
    find: findDetectionsOfNoTrack,
  },
  {
    id: 'T2',
    severity: 'E',
    title: 'A track begins with a detection that exists at that time, as far as it is still kept.',
    why: 'The first detection is what a track is known by when footage is derived again.',
    isBounded: true,
    find: findTracksOfNothing,
  },
  {
    id: 'T3',
    severity: 'W',
    title: 'A track has as many detections as it says.',
    why: 'Tracks and detections are written together: a difference shows that one of them was changed alone.',
    isBounded: true,
    find: findWrongTrackCounts,
  },
  {
    id: 'T4',
    severity: 'I',
    title: 'Tracks and events reflect all footage that was read.',
    why: 'An ingest that was stopped left the last step to the next one: run `hs ingest` again. Rules about events and tracks leave that footage out.',
    find: findUnderivedFootage,
  },
  {
    id: 'T5',
    severity: 'E',
    title: 'No detection belongs to two events.',
    why: 'Grouping gives each detection to one event: it would be counted and alerted twice.',
    isBounded: true,
    find: findSharedDetections,
  },
  {
    id: 'T6',
    severity: 'W',
    title: 'An event counts its detections and knows the best score among them.',
    why: 'Lists show and sort by these numbers without looking at the detections.',
    isBounded: true,
    find: findWrongEventCounts,
  },
  {
    id: 'T7',
    severity: 'E',
    title: 'Every row that refers to another one refers to a row that exists.',
    why: 'Foreign keys hold this, unless a restore switched them off.',
    effort: 'deep',
    find: findLostParents,
  },
];
