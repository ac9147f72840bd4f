import { expect, test } from 'vitest';
import { decideFile, type KnownRows } from '../../../../src/services/ingest/scan/decide-file.ts';
import { mediaFileRow } from './media-file-row.ts';

const START_MS = Date.parse('2026-01-14T08:15:00Z');
const FILE = { path: '/footage/gate/b.jpg', cameraId: 'gate', sha256: 'a'.repeat(64), startMs: START_MS };
const NOTHING: KnownRows = { atPath: undefined, sameBytes: [], exists: () => true, grewFromRow: false };
const ORIGINAL = mediaFileRow();
const OTHER_BYTES = mediaFileRow({ path: FILE.path, content_sha256: 'b'.repeat(64) });

test.each<[string, Partial<KnownRows>, Partial<typeof FILE>, object]>([
  ['nothing known', {}, {}, { kind: 'new' }],
  ['the same bytes at the same path', { sameBytes: [ORIGINAL] }, { path: ORIGINAL.path }, { kind: 'known', row: ORIGINAL }],
  ['the known path is gone: the file moved', { sameBytes: [ORIGINAL], exists: () => false }, {}, { kind: 'moved', row: ORIGINAL }],
  ['the known path is still there: a copy', { sameBytes: [ORIGINAL] }, {}, { kind: 'copy', row: ORIGINAL }],
  ['2 s apart is the same time', { sameBytes: [ORIGINAL] }, { startMs: START_MS + 2000 }, { kind: 'copy', row: ORIGINAL }],
  [
    'the same bytes at another time',
    { sameBytes: [ORIGINAL] },
    { startMs: START_MS + 2001 },
    { kind: 'duplicate', code: 'same_bytes_other_time', of: ORIGINAL },
  ],
  [
    'the same bytes of another camera',
    { sameBytes: [ORIGINAL] },
    { cameraId: 'yard' },
    { kind: 'duplicate', code: 'duplicate_other_camera', of: ORIGINAL },
  ],
  [
    'a row that is itself such a duplicate is no original',
    { sameBytes: [mediaFileRow({ failure_code: 'duplicate_other_camera', status: 'skipped' })] },
    { cameraId: 'yard' },
    { kind: 'new' },
  ],
  [
    'the same bytes at the same path stay with their camera',
    { sameBytes: [ORIGINAL] },
    { path: ORIGINAL.path, cameraId: 'yard' },
    { kind: 'known', row: ORIGINAL },
  ],
  ['other bytes at the path', { atPath: OTHER_BYTES }, {}, { kind: 'replaces' }],
  ['the path grew', { atPath: OTHER_BYTES, grewFromRow: true }, {}, { kind: 'refresh', rowId: 1, because: 'grew' }],
  [
    'the path could not be read before',
    { atPath: mediaFileRow({ id: 9, content_sha256: null }) },
    {},
    { kind: 'refresh', rowId: 9, because: 'first-read' },
  ],
  ['the path was another camera’s', { atPath: OTHER_BYTES }, { cameraId: 'yard' }, { kind: 'new' }],
])('%s (§2.2)', (_, known, file, expected) => {
  expect(decideFile({ ...FILE, ...file }, { ...NOTHING, ...known })).toEqual(expected);
});
