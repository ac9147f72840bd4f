import { readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { decodeStill } from '../../../../src/media/decode-still.ts';
import { useObjectOptions } from '../../../../src/media/objects/object-options.ts';
import { readStill } from '../../../../src/services/footage/read-still.ts';
import { noise } from '../../../hostile/hostile-input.ts';
import { locationOf, makeFolder, makeStill } from '../../../helpers/footage.ts';
import { BUCKET, optionsFor, S3_ENVIRONMENT, startS3Double } from '../../../helpers/s3-double.ts';
import { useVariables } from '../../../helpers/use-variables.ts';

let folder: Awaited<ReturnType<typeof makeFolder>>;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.dispose());

async function place(name: string, bytes: Uint8Array): Promise<ReturnType<typeof locationOf>> {
  const path = join(folder.path, name);
  await writeFile(path, bytes);
  return locationOf(path);
}

/** Processes of this one that decode stills. */
function decoders(): number[] {
  const children = readdirSync('/proc/self/task').flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' '),
  );
  return children.filter((pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('still-worker')).map(Number);
}

test('what is not there is told, before anything was read and after', async () => {
  await expect(readStill(locationOf(join(folder.path, 'none.jpg')))).rejects.toMatchObject({ name: 'MediaError', code: 'vanished' });
});

test('gives the pixels that decoding here gives, all of them or what is wanted', async () => {
  const file = await place('whole.png', await makeStill({ width: 1210, height: 700, format: 'png' }));
  const { picture } = await decodeStill(file, (original) => original);
  const read = await readStill(file);
  expect([read.width, read.height]).toEqual([1210, 700]);
  expect(Buffer.compare(read.data, picture.data)).toBe(0);
  const half = await readStill(file, { box: { x: 302.5, y: 0, width: 302.5, height: 350 }, of: { width: 605, height: 350 } });
  expect([half.width, half.height, ...half.data.subarray(0, 3)]).toEqual([605, 700, 0, 0, 255]);
  expect(await readStill(file, { within: { width: 100, height: 100 } })).toMatchObject({ width: 100, height: 58 });
  await expect(readStill(file, { box: { x: 2000, y: 0, width: 9, height: 9 } })).rejects.toMatchObject({ code: 'decode_failed' });
});

test('a file that was replaced under its name is read again', async () => {
  const file = await place('replaced.png', await makeStill({ width: 40, height: 30, format: 'png' }));
  expect(await readStill(file)).toMatchObject({ width: 40 });
  await place('replaced.png', await makeStill({ width: 60, height: 30, format: 'png' }));
  expect(await readStill(file)).toMatchObject({ width: 60 });
  await rm(file.path);
  await expect(readStill(file)).rejects.toMatchObject({ code: 'vanished' });
});

test('what is no picture is told as it is where it is decoded', async () => {
  const file = await place('noise.jpg', noise(5000, 1));
  const { code, message } = await decodeStill(file, (size) => size).then(
    () => ({ code: '', message: '' }),
    (error: unknown) => error as { code: string; message: string },
  );
  expect(code).toBe('decode_failed');
  await expect(readStill(file)).rejects.toMatchObject({ name: 'MediaError', code, message });
});

describe.runIf(process.platform === 'linux')('the process that decodes', () => {
  test('is one for all, with limits', async () => {
    const file = await place('some.jpg', await makeStill());
    await Promise.all([readStill(file), readStill(file), readStill(file)]);
    expect(decoders()).toHaveLength(1);
    const limits = readFileSync(`/proc/${String(decoders()[0])}/limits`, 'utf8');
    expect(limits).toMatch(/^Max core file size +0 +0 /m);
    expect(limits).toMatch(/^Max file size +0 +0 /m);
    expect(limits).toMatch(/^Max data size +3221225472 +3221225472 /m);
  });

  test('costs the picture it dies of, and that alone', async () => {
    const files = await Promise.all(['1.jpg', '2.jpg', '3.jpg'].map(async (name) => place(name, await makeStill())));
    await readStill(files[0]!);
    const [pid] = decoders();
    if (pid === undefined) throw new Error('nothing decodes');
    process.kill(pid, 'SIGSTOP');
    const read = Promise.allSettled(files.map((file) => readStill(file)));
    process.kill(pid, 'SIGSEGV');
    process.kill(pid, 'SIGCONT');
    const [first, ...others] = await read;
    expect(first).toMatchObject({
      reason: { name: 'MediaError', code: 'decode_failed', message: 'cannot be decoded: the worker process ended by SIGSEGV' },
    });
    expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  });
});

test('a still in object storage is decoded from its copy, by a process that knows no store', async () => {
  const putBack = useVariables(S3_ENVIRONMENT);
  const store = await startS3Double();
  useObjectOptions(optionsFor(store, join(folder.path, 's3-cache')));
  try {
    const bytes = await makeStill({ width: 1210, height: 700, format: 'png' });
    store.put('gate/whole.png', bytes);
    const read = await readStill({ path: `s3://${BUCKET}/gate/whole.png`, root: `s3://${BUCKET}` });
    expect(Buffer.compare(read.data, (await readStill(await place('same.png', bytes))).data)).toBe(0);
    await expect(readStill({ path: `s3://${BUCKET}/gate/none.png`, root: `s3://${BUCKET}` })).rejects.toMatchObject({ code: 'vanished' });
    expect(store.takeCounts().get).toBe(1);
  } finally {
    useObjectOptions(undefined);
    await store.close();
    putBack();
  }
});
