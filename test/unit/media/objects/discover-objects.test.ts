import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { HsError } from '../../../../src/errors/hs-error.ts';
import type { Discovered } from '../../../../src/media/discover/discovered.ts';
import type { DiscoverOptions } from '../../../../src/media/discover/selection.ts';
import { discoverFiles } from '../../../../src/media/discover-files.ts';
import { useObjectOptions } from '../../../../src/media/objects/object-options.ts';
import { requireObjectRoot } from '../../../../src/media/objects/require-root.ts';
import { BUCKET, optionsFor, S3_ENVIRONMENT, sendError, startS3Double, type S3Double } from '../../../helpers/s3-double.ts';
import { useVariables } from '../../../helpers/use-variables.ts';

let store: S3Double;
let putBack: () => void;

beforeAll(() => (putBack = useVariables(S3_ENVIRONMENT)));
afterAll(() => {
  putBack();
});
beforeEach(async () => {
  store = await startS3Double({ pageSize: 3 });
  useObjectOptions(optionsFor(store, '/nonexistent'));
});
afterEach(async () => {
  useObjectOptions(undefined);
  await store.close();
});

async function found(roots: string[], options: DiscoverOptions = {}) {
  const all: Discovered[] = [];
  for await (const each of discoverFiles(roots, options)) all.push(each);
  return {
    files: all.flatMap((each) => (each.kind === 'file' ? [each.file] : [])),
    paths: all.flatMap((each) => (each.kind === 'file' ? [each.file.relativePath] : [])),
    problems: all.flatMap((each) => (each.kind === 'problem' ? [`${each.problem.code} ${each.problem.path}`] : [])),
  };
}

describe('what is listed', () => {
  test('an empty bucket has nothing', async () => {
    expect(await found([`s3://${BUCKET}`])).toEqual({ files: [], paths: [], problems: [] });
  });

  test('page after page, in the natural order of folders, with the stamp of the store', async () => {
    for (const name of ['cam/10.jpg', 'cam/9.jpg', 'cam/1.jpg', 'cam10/a.jpg', 'cam2/a.jpg', 'top.jpg']) store.put(name, 'abc');
    store.put('cam/', '');
    store.put('cam/notes.txt', 'x');
    const { paths, files } = await found([`s3://${BUCKET}`]);
    expect(paths).toEqual(['cam/1.jpg', 'cam/9.jpg', 'cam/10.jpg', 'cam2/a.jpg', 'cam10/a.jpg', 'top.jpg']);
    expect(files[0]).toMatchObject({
      path: `s3://${BUCKET}/cam/1.jpg`,
      root: `s3://${BUCKET}`,
      sizeBytes: 3,
      modifiedAtMs: Date.parse('2026-01-14T12:00:00Z'),
      etag: '900150983cd24fb0d6963f7d28e17f72',
      mediaType: 'image',
    });
    expect(store.takeCounts().list).toBeGreaterThan(4);
  });

  test('below a prefix only, one that begins with the same letters is another folder', async () => {
    for (const name of ['a/x.jpg', 'ab/x.jpg', 'a/b/y.mp4']) store.put(name, 'x');
    expect((await found([`s3://${BUCKET}/a`])).paths.sort()).toEqual(['b/y.mp4', 'x.jpg']);
  });

  test('what is ignored and excluded in folders is so here', async () => {
    for (const name of ['@eaDir/a.jpg', '.trash/a.jpg', 'ok/a.jpg', 'ok/b.jpg', 'old/a.jpg']) store.put(name, 'x');
    expect((await found([`s3://${BUCKET}`], { exclude: ['old', '*/b.jpg'] })).paths).toEqual(['ok/a.jpg']);
  });

  test('an object that is named by itself, and a root in another one once', async () => {
    for (const name of ['a/x.jpg', 'a/b/y.jpg']) store.put(name, 'x');
    const { files } = await found([`s3://${BUCKET}/a`, `s3://${BUCKET}/a/b`, `s3://${BUCKET}/a/b/y.jpg`]);
    expect(files.map(({ relativePath }) => relativePath)).toEqual(['b/y.jpg', 'x.jpg']);
    expect((await found([`s3://${BUCKET}/a/b/y.jpg`])).files).toMatchObject([{ root: `s3://${BUCKET}/a/b`, relativePath: 'y.jpg' }]);
  });

  test('keys are names and no paths: blanks, line ends, empty parts, other scripts', async () => {
    const keys = ['a/x..jpg', '/top.jpg', 'a//x.jpg', 'b c+d%20/é 漢.jpg', 'line\nend/x.jpg'];
    for (const key of [...keys, '../../etc/x.jpg', 'a/../x.jpg']) store.put(key, 'x');
    const { files, problems } = await found([`s3://${BUCKET}`]);
    expect(files.map(({ path }) => path).sort()).toEqual(keys.map((key) => `s3://${BUCKET}/${key}`).sort());
    // Names that begin with a dot are hidden, as everywhere.
    expect(problems).toEqual([]);
  });

  test('a folder that may not be listed is told, the others are read', async () => {
    for (const name of ['a/x.jpg', 'b/x.jpg']) store.put(name, 'x');
    store.fault = ({ kind, count }, response) => {
      if (kind !== 'list' || count !== 2) return false;
      sendError(response, 403, 'AccessDenied');
      return true;
    };
    expect(await found([`s3://${BUCKET}`])).toMatchObject({ paths: ['b/x.jpg'], problems: [`unreadable s3://${BUCKET}/a/`] });
  });
});

describe('a root is looked at before anything is begun', () => {
  async function refusal(root: string): Promise<object> {
    try {
      return { known: await requireObjectRoot(root) };
    } catch (error) {
      if (!(error instanceof HsError)) throw error;
      const { code, exitCode, message, hint } = error;
      return { code, exitCode, message, hint };
    }
  }

  test('a folder, with or without a line at its end, and an object', async () => {
    store.put('a/x.jpg', 'x');
    expect(await refusal(`s3://${BUCKET}/a/`)).toEqual({ known: `s3://${BUCKET}/a` });
    expect(await refusal(`s3://${BUCKET}/a/x.jpg`)).toEqual({ known: `s3://${BUCKET}/a/x.jpg` });
    expect(await refusal(`s3://${BUCKET}`)).toEqual({ known: `s3://${BUCKET}` });
  });

  test('no bucket in it, no such bucket, nothing there', async () => {
    expect(await refusal('s3://')).toMatchObject({ code: 'usage', exitCode: 2 });
    expect(await refusal('s3://other/a')).toMatchObject({ code: 'not_found', exitCode: 2, message: 'there is no bucket at s3://other/a' });
    expect(await refusal(`s3://${BUCKET}/nothing`)).toMatchObject({ code: 'not_found', exitCode: 2 });
  });

  test('refused credentials are told without them', async () => {
    store.fault = (_, response) => {
      sendError(response, 403, 'InvalidAccessKeyId');
      return true;
    };
    const told = await refusal(`s3://${BUCKET}/a`);
    expect(told).toMatchObject({ code: 's3_refused', exitCode: 2, message: `s3://${BUCKET}/a may not be listed (InvalidAccessKeyId)` });
    expect(JSON.stringify(told)).not.toContain('AKIATESTONLY');
  });

  test('no credentials at all', async () => {
    const back = useVariables({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined });
    useObjectOptions(optionsFor(store, '/nonexistent'));
    expect(await refusal(`s3://${BUCKET}/a`)).toMatchObject({ code: 's3_credentials', exitCode: 2 });
    back();
  });

  test('a store that has trouble for a moment is asked again; one that is not there is told', async () => {
    store.put('a/x.jpg', 'x');
    store.fault = ({ count }, response) => {
      if (count > 2) return false;
      sendError(response, 503, 'SlowDown');
      return true;
    };
    expect(await refusal(`s3://${BUCKET}/a`)).toEqual({ known: `s3://${BUCKET}/a` });
    useObjectOptions(optionsFor({ ...store, endpoint: 'http://127.0.0.1:9' }, '/nonexistent'));
    expect(await refusal(`s3://${BUCKET}/a`)).toMatchObject({ code: 's3_unreachable', exitCode: 5 });
  });
});
