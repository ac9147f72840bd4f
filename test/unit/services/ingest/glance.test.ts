import { expect, test } from 'vitest';
import type { MediaFileRow } from '../../../../src/db/models/media-files.ts';
import type { FoundFile } from '../../../../src/media/discover/discovered.ts';
import { glance } from '../../../../src/services/ingest/scan/glance.ts';
import { mediaFileRow } from './media-file-row.ts';

const FILE: FoundFile = {
  path: '/footage/gate/a.jpg',
  root: '/footage',
  relativePath: 'gate/a.jpg',
  sizeBytes: 1000,
  modifiedAtMs: Date.parse('2026-01-14T08:15:01Z') + 0.75,
  inode: 1,
  mediaType: 'image',
};
const NOW = 'f'.repeat(64);
const PLAIN = { redo: undefined, modelFingerprint: NOW, verifyHash: false, placeAnew: false };

test('a file without a row is read', () => {
  expect(glance(FILE, undefined, PLAIN)).toEqual({ kind: 'read' });
});

test.each<[string, Partial<MediaFileRow>, string]>([
  ['finished', {}, 'known'],
  ['another size', { size_bytes: 1001 }, 'read'],
  ['another time stamp', { modified_at: new Date('2026-01-14T08:15:02Z') }, 'read'],
  ['an object of another content', { object_etag: 'abc' }, 'read'],
  ['waiting', { status: 'pending' }, 'take-over'],
  ['worked on', { status: 'processing' }, 'busy'],
  ['failed for good', { status: 'failed', failure_code: 'decode_failed' }, 'known'],
  ['failed, to be tried again', { status: 'failed', failure_code: 'timeout', next_retry_at: new Date() }, 'take-over'],
  ['was growing', { status: 'skipped', failure_code: 'still_growing', content_sha256: null, captured_at: null }, 'read'],
  ['had no time', { status: 'failed', failure_code: 'time_unknown', captured_at: null }, 'read'],
  ['removed by retention, and back', { original_removed_at: new Date() }, 'read'],
  ['empty', { status: 'empty', failure_code: 'zero_bytes', content_sha256: null, captured_at: null }, 'known'],
  ['not in the detections given now', { status: 'failed', failure_code: 'not_in_detections', model_fingerprint: NOW }, 'known'],
  ['not in those given before', { status: 'failed', failure_code: 'not_in_detections', model_fingerprint: 'a'.repeat(64) }, 'take-over'],
  ['a duplicate', { status: 'skipped', failure_code: 'duplicate_other_camera' }, 'known'],
])('unchanged file, %s: %o → %s', (_, part, kind) => {
  expect(glance(FILE, mediaFileRow(part), PLAIN).kind).toBe(kind);
});

test.each<['failed' | 'partial' | 'all', MediaFileRow['status'], string]>([
  ['failed', 'done', 'known'],
  ['failed', 'partial', 'known'],
  ['failed', 'failed', 'take-over'],
  ['partial', 'partial', 'take-over'],
  ['all', 'done', 'take-over'],
  ['all', 'skipped', 'known'],
])('--redo %s takes a %s file: %s', (redo, status, kind) => {
  const row = mediaFileRow({ status, failure_code: status === 'done' ? null : 'truncated' });
  expect(glance(FILE, row, { ...PLAIN, redo }).kind).toBe(kind);
});

test('what is still to be done is read again when camera or time may come out differently', () => {
  const options = { ...PLAIN, placeAnew: true };
  expect(glance(FILE, mediaFileRow({ status: 'pending' }), options).kind).toBe('read');
  expect(glance(FILE, mediaFileRow(), options).kind).toBe('known');
});

test('a file that failed before it had a place in time is read again when it is wanted', () => {
  const row = mediaFileRow({ status: 'failed', failure_code: 'not_media', content_sha256: null, captured_at: null });
  expect(glance(FILE, row, PLAIN).kind).toBe('known');
  expect(glance(FILE, row, { ...PLAIN, redo: 'failed' }).kind).toBe('read');
});

test('--verify-hash reads everything', () => {
  expect(glance(FILE, mediaFileRow(), { ...PLAIN, verifyHash: true }).kind).toBe('read');
});
