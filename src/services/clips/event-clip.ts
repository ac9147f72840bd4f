export type EventClip = {
  event_id: number;
  path: string;
  bytes: number;
  duration_ms: number;
  /** `kept`: a clip of the same footage was there. */
  mode: 'copy' | 'encode' | 'kept';
  files: number;
  gaps: number;
};
