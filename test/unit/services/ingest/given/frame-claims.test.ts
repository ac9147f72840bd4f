import { expect, test } from 'vitest';
import type { GivenFrame } from '../../../../../src/services/ingest/worker/analysis-task.ts';
import { createFrameClaims } from '../../../../../src/services/ingest/worker/frame-claims.ts';

const found = (score: number): GivenFrame['found'] => [{ label: 'person', score, box: { x: 0, y: 0, width: 1, height: 1 } }];

/** The scores claimed by each decoded frame: undefined where it was not looked at, 0 where nothing was found. */
function claim(frames: readonly GivenFrame[], decoded: readonly number[], frameRate: number | undefined = 25) {
  const claims = createFrameClaims(frames, frameRate);
  const scores = decoded.map((offsetMs) => {
    const claimed = claims.claim(offsetMs);
    return claimed && (claimed[0]?.score ?? 0);
  });
  return { scores, unclaimed: claims.unclaimed() };
}

test.each<[string, GivenFrame[], number[], (number | undefined)[], number]>([
  ['nothing given', [], [0, 40], [undefined, undefined], 0],
  ['no frame decoded', [{ offsetMs: 0, found: found(1) }], [], [], 1],
  ['no frame decoded, nothing found', [{ offsetMs: 0, found: [] }], [], [], 0],
  [
    'exact offsets',
    [
      { offsetMs: 0, found: [] },
      { offsetMs: 80, found: found(1) },
    ],
    [0, 40, 80],
    [0, undefined, 1],
    0,
  ],
  ['rounded offsets', [{ offsetMs: 33, found: found(1) }], [0, 34, 67], [undefined, 1, undefined], 0],
  [
    'two for one frame',
    [
      { offsetMs: 70, found: found(0.5) },
      { offsetMs: 80, found: found(1) },
    ],
    [0, 80],
    [undefined, 1],
    1,
  ],
  ['a hole in the video', [{ offsetMs: 80, found: found(1) }], [0, 5000], [undefined, undefined], 1],
  [
    'behind the end',
    [
      { offsetMs: 0, found: found(1) },
      { offsetMs: 900, found: found(1) },
    ],
    [0, 40],
    [1, undefined],
    1,
  ],
])('%s', (_, frames, decoded, scores, unclaimed) => {
  expect(claim(frames, decoded)).toEqual({ scores, unclaimed });
});

test('without a frame rate frames are found by their exact offset', () => {
  expect(claim([{ offsetMs: 500, found: found(1) }], [0, 100, 500], undefined).scores).toEqual([undefined, undefined, 1]);
});
