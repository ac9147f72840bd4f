import { execFileSync } from 'node:child_process';
import { open, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { collectRun } from '../../../../src/media/ffmpeg/collect-run.ts';
import { runLimited } from '../../../../src/media/ffmpeg/run-limited.ts';
import { makeFolder } from '../../../helpers/footage.ts';

let folder: Awaited<ReturnType<typeof makeFolder>>;
let input: FileHandle;
beforeAll(async () => {
  folder = await makeFolder();
  await writeFile(join(folder.path, 'input'), 'the input');
  input = await open(join(folder.path, 'input'));
});
afterAll(async () => {
  await input.close();
  await folder.dispose();
});

const shell = (script: string, more: Partial<Parameters<typeof collectRun>[2]> = {}): ReturnType<typeof collectRun> =>
  collectRun('/bin/sh', ['-c', script], { input, limits: { cpuSeconds: 5 }, wallMs: 10_000, maxBytes: 10_000, ...more });

describe('what a decoder gets', () => {
  test('the checked file as descriptor 3 and nothing on its input', async () => {
    expect((await shell('cat <&3; cat')).stdout).toBe('the input');
  });

  test('next to no environment, so no secrets', async () => {
    process.env['HS_TEST_SECRET'] = 'canary';
    const { stdout } = await shell('env');
    delete process.env['HS_TEST_SECRET'];
    expect(stdout).not.toContain('canary');
    expect(stdout).not.toContain('HOME=');
  });

  test.runIf(process.platform === 'linux')('limits on memory, CPU time, files and written bytes', async () => {
    const { stdout } = await shell('ulimit -v; ulimit -t; ulimit -n; ulimit -f; ulimit -c');
    expect(stdout.trim().split('\n')).toEqual(['1572864', '5', '256', '0', '0']);
  });
});

describe('how it ends', () => {
  test('after its time, with all it has started', async () => {
    const mark = `9${process.pid}`;
    await expect(shell(`sleep ${mark} & sleep ${mark}`, { wallMs: 200 })).rejects.toMatchObject({ code: 'timeout' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(execFileSync('ps', ['-eo', 'args']).toString()).not.toContain(`sleep ${mark}`);
  });

  test('when it writes too much', async () => {
    const { stdout } = await shell('yes', { maxBytes: 1000 });
    expect(stdout.length).toBeLessThanOrEqual(1000);
  });

  test('when it is aborted', async () => {
    const stop = new AbortController();
    setTimeout(() => {
      stop.abort(new Error('stop'));
    }, 100);
    await expect(shell('sleep 20', { signal: stop.signal })).rejects.toThrow('stop');
  });

  test('when it uses more CPU time than allowed', async () => {
    const { log } = await shell('while :; do :; done', { limits: { cpuSeconds: 1 } });
    expect(log.at(-1)).toMatch(/SIGXCPU|SIGKILL/);
  }, 15_000);

  test('with a clear error where it cannot be started', async () => {
    await expect(collectRun('/nowhere/ffmpeg', [], { input, limits: { cpuSeconds: 5 }, wallMs: 5000, maxBytes: 10 })).rejects.toMatchObject(
      { code: 'ffmpeg_missing' },
    );
  });
});

test('a flood on the log, with and without line ends, costs no memory and does not block', async () => {
  const lines: number[] = [];
  const run = runLimited('/bin/sh', ['-c', 'head -c 30000000 /dev/zero >&2; echo >&2; yes line | head -n 100000 >&2; echo done'], {
    input,
    limits: { cpuSeconds: 10 },
    onLogLine: (line) => lines.push(line.length),
  });
  const before = process.memoryUsage().rss;
  let text = '';
  for await (const chunk of run.stdout) text += String(chunk);
  await run.ended;
  expect(text).toBe('done\n');
  expect(Math.max(...lines.slice(0, 10))).toBeLessThanOrEqual(4096);
  expect(lines.length).toBeGreaterThanOrEqual(100_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
});
