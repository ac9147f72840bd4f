import { expect, test } from 'vitest';
import type { SeenFile } from '../../../src/services/ingest/scan/scan-context.ts';
import { createPlanBook, unitsOf, workKey } from '../../../src/services/plan/plan-book.ts';

const still = (part: Partial<SeenFile> = {}): SeenFile => ({
  state: 'new',
  path: '/f/a.jpg',
  root: '/f',
  sizeBytes: 10,
  mediaType: 'image',
  camera: 'gate',
  startMs: Date.parse('2026-03-01T10:00:00Z'),
  codec: 'jpeg',
  height: 480,
  ...part,
});
const video = (part: Partial<SeenFile> = {}): SeenFile => still({ mediaType: 'video', durationMs: 60_000, codec: 'h264', ...part });

test('an empty book has nothing in it', () => {
  const book = createPlanBook('UTC');
  expect([...book.states(), ...book.months(), ...book.groups(), ...book.sample('image')]).toEqual([]);
  expect(book.unmeasurable()).toBe(0);
});

test('counts files and bytes by state, and what is to be done by camera and month of the zone', () => {
  const book = createPlanBook('Europe/Berlin');
  for (const state of ['new', 'changed', 'again', 'known', 'copy', 'damaged'] as const) book.note(still({ state }));
  book.note(video({ camera: 'a', startMs: Date.parse('2026-02-28T23:30:00Z') }));
  book.note(video({ startMs: undefined, camera: undefined }));
  expect(Object.fromEntries(book.states())).toMatchObject({ new: { files: 3, bytes: 30 }, known: { files: 1, bytes: 10 } });
  expect(book.months()).toEqual([
    { camera: '', month: '', files: 1, bytes: 10, footage_ms: 60_000 },
    { camera: 'a', month: '2026-03', files: 1, bytes: 10, footage_ms: 60_000 },
    { camera: 'gate', month: '2026-03', files: 3, bytes: 30, footage_ms: 0 },
  ]);
});

test('files that cost alike are a group; a video of unknown length is in none', () => {
  const book = createPlanBook('UTC');
  for (const seen of [still(), still({ height: 2160 }), still(), video(), video({ durationMs: 30_000 }), video({ durationMs: undefined })])
    book.note(seen);
  expect(book.groups()).toEqual([
    { key: 'image jpeg 480', kind: 'image', files: 2, units: 2 },
    { key: 'image jpeg 2160', kind: 'image', files: 1, units: 1 },
    { key: 'video h264 480', kind: 'video', files: 2, units: 90 },
  ]);
  expect(book.unmeasurable()).toBe(1);
  expect(workKey({ mediaType: 'video' })).toBe('video ? ?');
  expect([unitsOf(still()), unitsOf(video({ durationMs: 0 })), unitsOf(video({ durationMs: -1 }))]).toEqual([1, undefined, undefined]);
});

test('a sample is of bounded size, of one kind, spread over the names and the same in any order', () => {
  const files = Array.from({ length: 1_000 }, (_, index) => still({ path: `/f/${String(index).padStart(4, '0')}.jpg` }));
  const [book, reversed] = [createPlanBook('UTC'), createPlanBook('UTC')];
  for (const file of [...files, video()]) book.note(file);
  for (const file of files.toReversed()) reversed.note(file);
  const names = book.sample('image').map(({ path }) => path);
  expect(names).toHaveLength(40);
  expect(reversed.sample('image').map(({ path }) => path)).toEqual(names);
  expect(new Set(names.map((name) => name.slice(4, 5))).size).toBeGreaterThan(5);
  expect(book.sample('video')).toHaveLength(1);
});
