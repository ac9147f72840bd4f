import { expect, test } from 'vitest';

import type { SegmentFile } from '../../../../src/db/models/queued-footage.ts';
import { cutSegments, segmentOfFiles, type Segment } from '../../../../src/services/ingest/queue/cut-segments.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 14, 8);
const HOW = { plan: { mode: 'motion', fps: 2 } } as const;

/** Clips of one camera, one after the other, by their minutes. */
function clips(...minutes: number[]): SegmentFile[] {
  let atMs = START;
  return minutes.map((length, index) => {
    const captured_at = new Date(atMs);
    atMs += length * MINUTE;
    const content_sha256 = String(index).padStart(64, '0');
    const rest = { camera_id: 'gate', media_type: 'video', path: `/f/${String(index)}.mp4` } as const;
    return { id: index + 1, captured_at, ended_at: new Date(atMs), content_sha256, duration_ms: length * MINUTE, ...rest };
  });
}

async function cut(files: readonly SegmentFile[]): Promise<Segment[]> {
  const segments: Segment[] = [];
  for await (const segment of cutSegments(toStream(files), HOW)) segments.push(segment);
  return segments;
}

async function* toStream<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  await Promise.resolve();
  yield* items;
}

function describeSegment({ fileIds, startMs, endMs, part }: Segment): string {
  const minutes = [startMs, endMs].map((ms) => String((ms - START) / MINUTE)).join('-');
  return `${fileIds.join('+')} ${minutes}${part === undefined ? '' : ` part ${String(part.index + 1)}/${String(part.of)}`}`;
}

test.each<[string, number[], string[]]>([
  ['nothing', [], []],
  ['a short clip', [1], ['1 0-1']],
  ['clips of five minutes together', [2, 3, 1], ['1+2 0-5', '3 5-6']],
  ['a clip that is a little longer', [7], ['1 0-7']],
  ['a long one', [12], ['1 0-5 part 1/2', '1 5-12 part 2/2']],
  ['a long one between short ones', [1, 10, 1], ['1 0-1', '2 1-6 part 1/2', '2 6-11 part 2/2', '3 11-12']],
])('%s', async (_, minutes, expected) => {
  expect((await cut(clips(...minutes))).map(describeSegment)).toEqual(expected);
});

test('a part goes by content and interval, never by its path, and is no other work than the whole file', async () => {
  const [file] = clips(12);
  const segments = await cut([file!]);
  const elsewhere = await cut([{ ...file!, id: 9, path: '/moved/x.mp4' }]);
  expect(elsewhere.map(({ key }) => key)).toEqual(segments.map(({ key }) => key));
  expect(segments.map(({ part }) => part?.contentSha256)).toEqual([file!.content_sha256, file!.content_sha256]);
  const keys = new Set([...segments, segmentOfFiles([file!])].map(({ key }) => key));
  expect(keys.size).toBe(3);
});

test('a file without known content is not cut: nothing would say of what its parts are', async () => {
  const [file] = clips(12);
  expect((await cut([{ ...file!, content_sha256: null }])).map(describeSegment)).toEqual(['1 0-12']);
});
