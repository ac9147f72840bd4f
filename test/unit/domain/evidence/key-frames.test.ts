import { expect, test } from 'vitest';

import { pickKeyFrames, type FrameSighting } from '../../../../src/domain/evidence/key-frames.ts';

const seen = (track: number | null, offset: number | null, confidence: number | null, file: number | null = 1): FrameSighting => ({
  ...{ track_id: track, media_file_id: file, frame_offset_ms: offset, confidence },
  detected_at: new Date((file ?? 0) * 100_000 + (offset ?? 0)),
});

const offsets = (sightings: FrameSighting[], most = 6): number[] => pickKeyFrames(sightings, most).map(({ offsetMs }) => offsetMs);

test.each<[string, FrameSighting[], number[]]>([
  ['of nothing there is no frame', [], []],
  ['what is in no file has no frame', [seen(1, null, 0.9), seen(1, 0, 0.9, null)], []],
  ['a track is shown where it was seen best', [seen(1, 0, 0.5), seen(1, 500, 0.9), seen(1, 1000, 0.7)], [500]],
  ['tracks that are best in one frame share it', [seen(1, 500, 0.9), seen(2, 500, 0.8)], [500]],
  ['frames come in the order of footage', [seen(1, 900, 0.9), seen(2, 100, 0.5)], [100, 900]],
  ['what stood there counts as one', [seen(null, 0, 0.4), seen(null, 500, 0.6), seen(1, 900, 0.9)], [500, 900]],
  ['one without a score is shown where there is nothing better', [seen(1, 300, null)], [300]],
])('%s', (_, sightings, expected) => {
  expect(offsets(sightings)).toEqual(expected);
});

test('of many the surest are shown, each with everything in its frame', () => {
  const many = Array.from({ length: 20 }, (_, index) => seen(index, index * 100, index / 20));
  expect(offsets(many, 3)).toEqual([1700, 1800, 1900]);
  expect(pickKeyFrames([seen(1, 0, 0.9), seen(2, 0, 0.1), seen(2, 50, 0.2)], 1)[0]?.seen).toHaveLength(2);
});
