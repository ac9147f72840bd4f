import { expect, test } from 'vitest';
import type { GivenMatch, NewGivenBox } from '../../../../../src/db/given-detections.ts';
import { namesOf } from '../../../../../src/services/ingest/given/file-names.ts';
import { toGiven } from '../../../../../src/services/ingest/given/to-given.ts';

const STILL = { media_type: 'image' as const, width: 640, height: 480, frame_rate: null };
const VIDEO = { ...STILL, media_type: 'video' as const, frame_rate: 25 };

const MATCH: GivenMatch = {
  fileId: 1,
  isExact: true,
  exactFiles: 1,
  foldedFiles: 1,
  id: '1',
  file: 'a.jpg',
  key: 'a.jpg',
  offsetMs: null,
  width: 1,
  height: 1,
  frameRate: null,
  frames: null,
  failure: null,
};
const BOX: NewGivenBox = { image: '1', category: '2', score: 0.912345, x: 0.25, y: 0.5, width: 0.5, height: 0.75, frame: null };
const FOUND = { label: 'person', score: 0.9123, box: { x: 160, y: 240, width: 320, height: 240 } };

type Said = { matches?: GivenMatch[]; boxes?: NewGivenBox[]; maxBoxes?: number };

function given(file: Parameters<typeof toGiven>[0], { matches = [MATCH], boxes = [], maxBoxes = 10 }: Said) {
  const leftOut: [string, number][] = [];
  const result = toGiven(file, {
    document: 'out.json',
    matches,
    boxesOf: (image) => boxes.filter((box) => box.image === image),
    labelOf: (category) => (category === '2' ? 'person' : undefined),
    maxBoxes,
    leftOut: (reason, count) => leftOut.push([reason, count]),
  });
  return { result, leftOut };
}

test.each<[string, Said, string]>([
  ['is not there', { matches: [] }, 'not_in_detections'],
  ['failed elsewhere', { matches: [{ ...MATCH, failure: 'Failure image access' }] }, 'detector_failed'],
  ['is there twice', { matches: [MATCH, { ...MATCH, id: '2' }] }, 'entry_ambiguous'],
  ['goes by two names', { matches: [MATCH, { ...MATCH, id: '2', key: '/x/a.jpg' }] }, 'entry_ambiguous'],
  ['shares its name with another file', { matches: [{ ...MATCH, exactFiles: 2 }] }, 'entry_ambiguous'],
  ['has its name in another case only, which is another file', { matches: [{ ...MATCH, isExact: false }] }, 'entry_ambiguous'],
  ['shares its name but for the case', { matches: [{ ...MATCH, isExact: false, exactFiles: 0, foldedFiles: 2 }] }, 'entry_ambiguous'],
  ['has another size there', { matches: [{ ...MATCH, width: 1280, height: 960 }] }, 'size_differs'],
  ['is turned there', { matches: [{ ...MATCH, width: 480, height: 640 }] }, 'size_differs'],
])('a picture that %s is refused', (_, said, code) => {
  expect(given(STILL, said).result).toMatchObject({ code });
});

test.each<[string, Said, string]>([
  ['boxes without frames', { boxes: [BOX] }, 'frames_unknown'],
  ['an unknown frame rate', { boxes: [{ ...BOX, frame: 3 }] }, 'frames_unknown'],
])('a video with %s is refused', (_, said, code) => {
  expect(given({ ...VIDEO, frame_rate: null }, said).result).toMatchObject({ code });
});

test('a picture in which nothing was found was looked at', () => {
  expect(given(STILL, {}).result).toEqual({ frames: [{ offsetMs: 0, found: [] }] });
});

test('shares and pixels become whole pixels inside the picture; categories that are not kept go', () => {
  const shares = { boxes: [BOX, { ...BOX, category: '9' }] };
  expect(given(STILL, shares).result).toEqual({ frames: [{ offsetMs: 0, found: [FOUND] }] });
  const pixels = { matches: [{ ...MATCH, width: 640, height: 480 }], boxes: [{ ...BOX, x: 160, y: 240, width: 320, height: 400 }] };
  expect(given(STILL, pixels).result).toEqual({ frames: [{ offsetMs: 0, found: [FOUND] }] });
  const unsized = { ...pixels, matches: [{ ...MATCH, width: null, height: null }] };
  expect(given(STILL, unsized).result).toEqual({ frames: [{ offsetMs: 0, found: [FOUND] }] });
});

test('no more boxes than a detector would have given, the best ones', () => {
  const { result, leftOut } = given(STILL, { boxes: [BOX, { ...BOX, score: 0.5 }], maxBoxes: 1 });
  expect(result).toEqual({ frames: [{ offsetMs: 0, found: [FOUND] }] });
  expect(leftOut).toEqual([['too_many', 1]]);
});

test('frames of videos: those looked at, those with boxes, by the rate of the document or the file', () => {
  const boxes = [{ ...BOX, frame: 50 }, BOX];
  const { result, leftOut } = given(VIDEO, { matches: [{ ...MATCH, frames: [0, 100] }], boxes });
  const frames = [
    { offsetMs: 0, found: [] },
    { offsetMs: 2000, found: [FOUND] },
    { offsetMs: 4000, found: [] },
  ];
  expect(result).toEqual({ frames });
  expect(leftOut).toEqual([['no_frame', 1]]);
  expect(given(VIDEO, { matches: [{ ...MATCH, frameRate: 50 }], boxes: [{ ...BOX, frame: 50 }] }).result).toEqual({
    frames: [{ offsetMs: 1000, found: [FOUND] }],
  });
});

test('frames of videos that are entries of their own', () => {
  const matches = [
    { ...MATCH, offsetMs: 500 },
    { ...MATCH, id: '2', offsetMs: 1500 },
  ];
  const frames = [
    { offsetMs: 500, found: [FOUND] },
    { offsetMs: 1500, found: [] },
  ];
  expect(given(VIDEO, { matches, boxes: [BOX] }).result).toEqual({ frames });
});

test.each<[string, string[], string[]]>([
  ['/footage/gate/a.jpg', ['/footage'], ['gate/a.jpg', '/footage/gate/a.jpg']],
  ['/footage/gate/a.jpg', ['/other'], ['/footage/gate/a.jpg']],
  ['/footage/gate/a.jpg', ['/footage/gate/a.jpg'], ['a.jpg', '/footage/gate/a.jpg']],
  ['/footage/gate/a.jpg', ['/', '/footage/gate'], ['footage/gate/a.jpg', 'a.jpg', '/footage/gate/a.jpg']],
  ['/footage2/a.jpg', ['/footage'], ['/footage2/a.jpg']],
  ['/f/Cafe\u0301.JPG', ['/f'], ['Café.JPG', '/f/Café.JPG']],
])('%s below %j may be called %j', (path, roots, keys) => {
  const names = namesOf({ id: 1, path }, roots);
  expect(names.keys).toEqual(keys);
  expect(names.folded).toEqual(keys.map((key) => key.toLowerCase()));
});
