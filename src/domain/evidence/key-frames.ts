export type FrameSighting = {
  track_id: number | null;
  media_file_id: number | null;
  frame_offset_ms: number | null;
  confidence: number | null;
  detected_at: Date;
};

/** One frame of a file with everything that was seen in it; the offset is in ms from the start of the file. */
export type KeyFrame<Seen extends FrameSighting> = { mediaFileId: number; offsetMs: number; at: Date; seen: Seen[] };

/** The frames in which each track was seen best, the surest first, up to `most`; in the order of footage. */
export function pickKeyFrames<Seen extends FrameSighting>(sightings: readonly Seen[], most: number): KeyFrame<Seen>[] {
  const frames = new Map<string, KeyFrame<Seen>>();
  for (const sighting of bestOfEachTrack(sightings)) {
    const frame = frameOf(sighting, sightings);
    if (frame !== undefined && frames.size < most) frames.set(`${String(frame.mediaFileId)} ${String(frame.offsetMs)}`, frame);
  }
  return [...frames.values()].sort((a, b) => a.at.getTime() - b.at.getTime() || a.mediaFileId - b.mediaFileId || a.offsetMs - b.offsetMs);
}

/** What stood there has no track and counts as one. */
function bestOfEachTrack<Seen extends FrameSighting>(sightings: readonly Seen[]): Seen[] {
  const best = new Map<number | null, Seen>();
  for (const sighting of sightings) {
    const known = best.get(sighting.track_id);
    if (isInFrame(sighting) && (known === undefined || score(sighting) > score(known))) best.set(sighting.track_id, sighting);
  }
  return [...best.values()].sort((a, b) => score(b) - score(a));
}

function frameOf<Seen extends FrameSighting>({ media_file_id, frame_offset_ms, detected_at }: Seen, all: readonly Seen[]) {
  if (media_file_id === null || frame_offset_ms === null) return undefined;
  const seen = all.filter((other) => other.media_file_id === media_file_id && other.frame_offset_ms === frame_offset_ms);
  return { mediaFileId: media_file_id, offsetMs: frame_offset_ms, at: detected_at, seen };
}

function isInFrame({ media_file_id, frame_offset_ms }: FrameSighting): boolean {
  return media_file_id !== null && frame_offset_ms !== null;
}

function score({ confidence }: FrameSighting): number {
  return confidence ?? 0;
}
