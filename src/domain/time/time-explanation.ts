import type { CapturedAtSource, TimeConfidence } from '../enums.ts';
import type { TriedTemplate } from './capture-trail.ts';

/** One source as shown: its start in UTC (ISO 8601), or why it gave none. */
export type ExplainedSource = {
  source: CapturedAtSource;
  chosen: boolean;
  start?: string;
  /** The other reading of a repeated hour. */
  other_reading?: string;
  zone?: string;
  confidence?: TimeConfidence;
  template?: string;
  rejected?: string;
};

/** Start and end in UTC and in the camera's zone (ISO 8601), and how they were found. */
export type TimeDecision = {
  start: string;
  start_local: string;
  end: string;
  end_local: string;
  source: CapturedAtSource;
  confidence: TimeConfidence;
  /** The zone the wall clock was read in; UTC where the source was absolute. */
  read_in_zone: string;
  ambiguous: boolean;
  moving: boolean;
};

/** How the capture time of one file comes about: what `hs time explain` shows. Keys as in its JSON. */
export type TimeExplanation = {
  path: string;
  /** The part of the path that templates are matched against. */
  relative_path: string;
  media_type: 'image' | 'video';
  duration_ms?: number;
  /** Why the file itself could not be asked. */
  unreadable?: { code: string; message: string };
  camera: { id: string; name: string; from: 'flag' | 'template' | 'known' | 'folder' | 'root' } | { failure: string; message: string };
  zone: string;
  clock_offset_s: number;
  layout?: string;
  decision?: TimeDecision;
  failure?: { code: string; message: string };
  warnings: { code: string; message: string }[];
  sources: ExplainedSource[];
  templates: TriedTemplate[];
};
