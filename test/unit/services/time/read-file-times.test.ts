import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { findExplainedFile, readFileTimes, type ReadTimes } from '../../../../src/services/time/read-file-times.ts';
import { UnavailableError } from '../../../../src/errors/hs-error.ts';
import { findAsset, makeFolder, makeVideo, testFfmpeg } from '../../../helpers/footage.ts';

let folder: Awaited<ReturnType<typeof makeFolder>>;
const at = (...names: string[]): string => join(folder.path, ...names);

beforeAll(async () => {
  folder = await makeFolder();
  await mkdir(at('gate', 'deep.mp4'), { recursive: true });
  const exif = { IFD2: { DateTimeOriginal: '2026:01:14 08:15:00', SubSecTimeOriginal: '25', OffsetTimeOriginal: '-05:00' } };
  const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: '#888888' } }).jpeg();
  await picture.clone().toFile(at('gate', 'plain.jpg'));
  await picture.clone().withExif(exif).toFile(at('gate', 'dated.jpg'));
  await copyFile(at('gate', 'plain.jpg'), at('gate', 'still.mp4'));
  await writeFile(at('gate', 'empty.mp4'), '');
  await writeFile(at('gate', 'notes.txt'), 'x');
  await symlink(at('gate', 'plain.jpg'), at('link.jpg'));
});

afterAll(() => folder.dispose());

async function read(path: string, tools = testFfmpeg): Promise<ReadTimes> {
  return readFileTimes(await findExplainedFile(path, { cwd: folder.path }), tools);
}

describe('findExplainedFile', () => {
  test('the path is read from --root, else from the current folder, else from the top', async () => {
    const path = at('gate', 'plain.jpg');
    expect((await findExplainedFile(path, { cwd: folder.path })).relativePath).toBe('gate/plain.jpg');
    expect((await findExplainedFile(path, { cwd: '/', root: at('gate') })).relativePath).toBe('plain.jpg');
    expect((await findExplainedFile(path, { cwd: at('gate', 'deep.mp4') })).relativePath).toBe(path.slice(1));
    expect((await findExplainedFile(at('link.jpg'), { cwd: folder.path })).relativePath).toBe('gate/plain.jpg');
  });

  test.each([
    [['nothing.jpg'], 'there is no file'],
    [['gate'], 'is a folder'],
    [['gate', 'deep.mp4'], 'is a folder'],
    [['gate', 'notes.txt'], 'no suffix of a picture or video'],
  ])('%j is refused', async (names, reason) => {
    await expect(findExplainedFile(at(...names), { cwd: folder.path })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(reason) as string,
    });
  });

  test('a file outside --root is refused', async () => {
    await expect(findExplainedFile(at('gate', 'plain.jpg'), { cwd: '/', root: at('gate', 'deep.mp4') })).rejects.toThrow(
      'does not lie in the folder',
    );
  });
});

describe('readFileTimes', () => {
  test('EXIF with its fraction and offset', async () => {
    expect(await read(at('gate', 'dated.jpg'))).toEqual({
      mediaType: 'image',
      embedded: { utcMs: Date.parse('2026-01-14T13:15:00.250Z'), hasOffset: true },
    });
  });

  test('a still without EXIF', async () => {
    expect(await read(at('gate', 'plain.jpg'))).toEqual({ mediaType: 'image' });
  });

  test('a video: length and creation time', async () => {
    const video = await makeVideo({ name: 'dated.mp4', seconds: 2, extra: ['-metadata', 'creation_time=2026-01-14T08:15:00Z'] });
    await copyFile(video, at('gate', 'dated.mp4'));
    const times = await read(at('gate', 'dated.mp4'));
    expect(times).toMatchObject({ mediaType: 'video', embedded: { utcMs: Date.parse('2026-01-14T08:15:00Z'), hasOffset: false } });
    expect(times.durationMs).toBe(2000);
  });

  test('what cannot be read says why, and does not stop the explanation', async () => {
    expect(await read(at('gate', 'empty.mp4'))).toMatchObject({ mediaType: 'video', unreadable: { code: 'zero_bytes' } });
    expect(await read(at('gate', 'still.mp4'))).toMatchObject({ mediaType: 'video', unreadable: { code: 'not_media' } });
    const none = (): Promise<never> => Promise.reject(new UnavailableError('ffmpeg_missing', 'no working ffmpeg was found'));
    await copyFile(await makeVideo({ seconds: 1 }), at('gate', 'good.mp4'));
    expect(await read(at('gate', 'good.mp4'), none)).toEqual({
      mediaType: 'video',
      unreadable: { code: 'ffmpeg_missing', message: 'no working ffmpeg was found' },
    });
  });

  const doorbell = findAsset('videos/doorbell_person_720p.mkv');
  test.skipIf(doorbell === undefined)('a real doorbell recording tells when it was made', async () => {
    expect(await read(doorbell ?? '')).toMatchObject({ mediaType: 'video', embedded: { utcMs: Date.parse('2019-09-29T17:49:14Z') } });
  });
});
