import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { UnavailableError } from '../../../src/errors/hs-error.ts';
import { createWorkerPool } from '../../../src/inference/worker-pool.ts';
import type { WorkerPool, WorkerPoolOptions } from '../../../src/inference/worker-pool.ts';
import type { FixtureInit, FixtureTask } from './fixture-worker.ts';

const entry = new URL('fixture-worker.ts', import.meta.url);
const open: WorkerPool<FixtureTask, unknown>[] = [];

function poolOf(options: Partial<Omit<WorkerPoolOptions, 'init'>> & { init?: FixtureInit } = {}): WorkerPool<FixtureTask, unknown> {
  const pool = createWorkerPool<FixtureTask, unknown>({ entry, size: 1, init: {}, taskTimeoutMs: 20_000, ...options });
  open.push(pool);
  return pool;
}

const pidPath = (): string => join(mkdtempSync(join(tmpdir(), 'hs-pool-')), 'pids');

async function until(condition: () => boolean, limitMs = 10_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the condition never held');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie that nobody reaped is dead as far as we care.
    return !/^State:\s+Z/m.test(existsSync(`/proc/${String(pid)}/status`) ? readFileSync(`/proc/${String(pid)}/status`, 'utf8') : '');
  } catch {
    return false;
  }
}

const pidsIn = (path: string): number[] => readFileSync(path, 'utf8').split(' ').map(Number);

afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()));
});

test('a pool that is never used starts nothing and closes at once', async () => {
  await poolOf().close();
});

test('values survive the way there and back', async () => {
  const value = { bytes: new Uint8Array([1, 2, 3]), when: new Date(5), big: 12n, missing: undefined, map: new Map([['a', 1]]) };
  expect(await poolOf().run({ do: 'echo', value })).toEqual(value);
});

test.each([1, 3])('1,000 small tasks each get their own answer, %i at a time', { timeout: 60_000 }, async (tasksPerWorker) => {
  const pool = poolOf({ size: 2, tasksPerWorker });
  const answers = await Promise.all(Array.from({ length: 1000 }, (_, value) => pool.run({ do: 'echo', value })));
  expect(answers).toEqual(Array.from({ length: 1000 }, (_, value) => value));
});

test('answers come when they are ready, whatever the order of the questions', async () => {
  const pool = poolOf({ size: 2 });
  await pool.run({ do: 'echo', value: 0 });
  const order: unknown[] = [];
  const ask = async (value: string, afterMs: number): Promise<void> => {
    order.push(await pool.run({ do: 'echo', value, afterMs }));
  };
  await Promise.all([ask('slow', 2500), ask('fast', 0)]);
  expect(order).toEqual(['fast', 'slow']);
});

describe('a task that fails', () => {
  test('keeps message and code, and the worker goes on', async () => {
    const pool = poolOf();
    const before = await pool.run({ do: 'pid' });
    await expect(pool.run({ do: 'throw', code: 'decode_failed' })).rejects.toMatchObject({
      code: 'decode_failed',
      message: 'it went wrong',
    });
    await expect(pool.run({ do: 'throw' })).rejects.toMatchObject({ code: 'task_failed' });
    expect(await pool.run({ do: 'pid' })).toBe(before);
  });

  test('keeps what a user can do about it', async () => {
    await expect(poolOf().run({ do: 'unavailable' })).rejects.toMatchObject({
      code: 'device_unavailable',
      exitCode: 6,
      hint: 'use another',
    });
  });

  test('with a result that cannot be cloned costs only itself', async () => {
    const pool = poolOf();
    await expect(pool.run({ do: 'uncloneable' })).rejects.toThrow('could not be cloned');
    await expect(pool.run({ do: 'echo', value: () => 1 })).rejects.toThrow('could not be cloned');
    expect(await pool.run({ do: 'echo', value: 1 })).toBe(1);
  });
});

describe('a worker that ends', () => {
  test.each([
    ['abort', 'SIGABRT'],
    ['segfault', 'SIGSEGV'],
    ['exit', 'ended with code 7'],
  ] as const)('by %s costs one task', async (how, said) => {
    const pool = poolOf();
    const before = await pool.run({ do: 'pid' });
    const bad = pool.run({ do: how });
    const next = pool.run({ do: 'pid' });
    await expect(bad).rejects.toMatchObject({ code: 'worker_crashed', message: expect.stringContaining(said) as unknown });
    expect(await next).not.toBe(before);
  });

  test('says what it printed last', async () => {
    await expect(poolOf().run({ do: 'print-and-exit' })).rejects.toThrow('a native library says why');
  });

  test.each([
    ['reject-later', 'decode_failed', 'nobody awaits me'],
    ['throw-later', 'inference_failed', 'thrown in a timer'],
  ] as const)('by an error that nobody caught (%s) keeps its code and message', async (how, code, message) => {
    const pool = poolOf();
    await expect(pool.run({ do: how })).rejects.toMatchObject({ code, message });
    expect(await pool.run({ do: 'echo', value: 1 })).toBe(1);
  });

  test('while it held several tasks costs only the one to blame', async () => {
    const pool = poolOf({ tasksPerWorker: 3 });
    const answers = await Promise.allSettled([
      pool.run({ do: 'echo', value: 1, afterMs: 50 }),
      pool.run({ do: 'exit' }),
      pool.run({ do: 'echo', value: 3, afterMs: 50 }),
      pool.run({ do: 'echo', value: 4 }),
    ]);
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : (answer.reason as { code: string }).code))).toEqual([
      1,
      'worker_crashed',
      3,
      4,
    ]);
  });

  test('again and again costs one task each time', { timeout: 60_000 }, async () => {
    const pool = poolOf({ size: 2 });
    const tasks = Array.from({ length: 20 }, (_, index): FixtureTask => (index % 4 === 3 ? { do: 'exit' } : { do: 'echo', value: index }));
    const answers = await Promise.allSettled(tasks.map((task) => pool.run(task)));
    expect(answers.filter((answer) => answer.status === 'rejected')).toHaveLength(5);
  });
});

describe('silence', () => {
  test('of a worker that spins ends it and the task', async () => {
    const pool = poolOf({ taskTimeoutMs: 400 });
    const before = await pool.run({ do: 'pid' });
    await expect(pool.run({ do: 'spin' })).rejects.toMatchObject({ code: 'timeout' });
    expect(await pool.run({ do: 'pid' })).not.toBe(before);
    await until(() => !isAlive(before as number));
  });

  test('takes the programs of the worker with it', async () => {
    const pool = poolOf({ taskTimeoutMs: 400 });
    const pidFile = pidPath();
    await expect(pool.run({ do: 'child', pidFile })).rejects.toMatchObject({ code: 'timeout' });
    await until(() => pidsIn(pidFile).every((pid) => !isAlive(pid)));
  });

  test('is broken by notes: a long task that reports goes on', async () => {
    const notes: unknown[] = [];
    const own: unknown[] = [];
    const pool = poolOf({ taskTimeoutMs: 1000, onProgress: (note) => notes.push(note) });
    expect(await pool.run({ do: 'notes', count: 6, everyMs: 250 }, { onProgress: (note) => own.push(note) })).toBe('noted');
    expect(notes).toEqual([0, 1, 2, 3, 4, 5].map((index) => ({ index })));
    expect(own).toEqual(notes);
  });

  test('of one task among several costs that one', async () => {
    const pool = poolOf({ taskTimeoutMs: 600, tasksPerWorker: 2 });
    const answers = await Promise.allSettled([
      pool.run({ do: 'echo', value: 1, afterMs: 200 }),
      pool.run({ do: 'spin' }),
      pool.run({ do: 'echo', value: 3 }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});

describe('a worker that cannot start', () => {
  test('says why, once, for all tasks', async () => {
    const pool = poolOf({ size: 2, init: { start: 'refuse' } });
    const answers = await Promise.allSettled([1, 2, 3, 4].map((value) => pool.run({ do: 'echo', value })));
    for (const answer of answers) {
      const reason = answer.status === 'rejected' ? (answer.reason as UnavailableError) : undefined;
      expect(reason).toMatchObject({ code: 'model_changed', exitCode: 6, hint: 'install it again' });
    }
    await expect(pool.run({ do: 'echo', value: 5 })).rejects.toMatchObject({ code: 'model_changed' });
  });

  test('is tried three times, not for ever', async () => {
    await expect(poolOf({ init: { start: 'die' } }).run({ do: 'echo', value: 1 })).rejects.toMatchObject({
      code: 'worker_unavailable',
      message: expect.stringContaining('ended with code 3') as unknown,
    });
  });

  test('in time is given up', async () => {
    const pool = poolOf({ init: { start: 'hang' }, startTimeoutMs: 300 });
    await expect(pool.run({ do: 'echo', value: 1 })).rejects.toMatchObject({ code: 'worker_unavailable' });
  });
});

describe('close', () => {
  test('while busy rejects what is running and what waits, and leaves no process', async () => {
    const pool = poolOf();
    const pid = (await pool.run({ do: 'pid' })) as number;
    const busy = [pool.run({ do: 'spin' }), pool.run({ do: 'echo', value: 1 })].map((answer) => answer.catch((error: unknown) => error));
    await pool.close();
    for (const error of await Promise.all(busy)) expect(error).toMatchObject({ code: 'closed' });
    expect(isAlive(pid)).toBe(false);
    await expect(pool.run({ do: 'echo', value: 1 })).rejects.toMatchObject({ code: 'closed' });
  });

  test('twice is fine', async () => {
    const pool = poolOf();
    await pool.run({ do: 'echo', value: 1 });
    await Promise.all([pool.close(), pool.close()]);
  });
});

describe('an abort', () => {
  test('before the start starts nothing', async () => {
    const signal = AbortSignal.abort(new Error('not wanted'));
    await expect(poolOf().run({ do: 'echo', value: 1 }, { signal })).rejects.toThrow('not wanted');
  });

  test('takes a waiting task out of the queue', async () => {
    const pool = poolOf();
    const controller = new AbortController();
    const first = pool.run({ do: 'echo', value: 1, afterMs: 300 });
    const waiting = pool.run({ do: 'exit' }, { signal: controller.signal });
    controller.abort(new Error('second thoughts'));
    await expect(waiting).rejects.toThrow('second thoughts');
    expect(await first).toBe(1);
  });

  test('kills a running task; the others run on', async () => {
    const pool = poolOf({ tasksPerWorker: 2 });
    const pid = (await pool.run({ do: 'pid' })) as number;
    const controller = new AbortController();
    const running = pool.run({ do: 'spin' }, { signal: controller.signal });
    const other = pool.run({ do: 'echo', value: 2 });
    setTimeout(() => {
      controller.abort();
    }, 100);
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(await other).toBe(2);
    await until(() => !isAlive(pid));
  });

  test('after the end changes nothing', async () => {
    const pool = poolOf();
    const controller = new AbortController();
    const pid = await pool.run({ do: 'pid' }, { signal: controller.signal });
    controller.abort();
    expect(await pool.run({ do: 'pid' })).toBe(pid);
  });
});

describe.runIf(process.platform === 'linux')('limits', () => {
  const MB = 1024 * 1024;
  const limitOf = (pid: number, name: string): string[] =>
    new RegExp(`^Max ${name}\\s+(\\S+)\\s+(\\S+)`, 'm').exec(readFileSync(`/proc/${String(pid)}/limits`, 'utf8'))?.slice(1) ?? [];

  test('hold for every worker: no core, few descriptors', async () => {
    const pid = (await poolOf().run({ do: 'pid' })) as number;
    expect(limitOf(pid, 'core file size')).toEqual(['0', '0']);
    expect(Number(limitOf(pid, 'open files')[1])).toBeLessThanOrEqual(1024);
  });

  test('of one that only decodes are narrower: no files written, memory refused by the system', async () => {
    const pid = (await poolOf({ limits: { memoryBytes: 512 * MB, isSealed: true } }).run({ do: 'pid' })) as number;
    expect(limitOf(pid, 'core file size')).toEqual(['0', '0']);
    expect(limitOf(pid, 'file size')).toEqual(['0', '0']);
    expect(limitOf(pid, 'data size')).toEqual([String(1024 * MB), String(1024 * MB)]);
    expect(Number(limitOf(pid, 'open files')[1])).toBeLessThanOrEqual(256);
  });

  test('on memory cost the task that went over them, and no other', async () => {
    const pool = poolOf({ limits: { memoryBytes: 300 * MB } });
    expect(await pool.run({ do: 'grow', megabytes: 20 })).toBe(20);
    const before = await pool.run({ do: 'pid' });
    await expect(pool.run({ do: 'grow', megabytes: 3000 })).rejects.toMatchObject({
      code: 'worker_crashed',
      message: 'the worker process was ended: it took more than 300 MB of memory',
    });
    expect(await pool.run({ do: 'pid' })).not.toBe(before);
  });
});

describe('an idle worker', () => {
  test('is ended after its time, and another one takes the next task', async () => {
    const pool = poolOf({ idleMs: 300 });
    const first = (await pool.run({ do: 'pid' })) as number;
    expect(await pool.run({ do: 'echo', value: 1, afterMs: 600 })).toBe(1);
    expect(await pool.run({ do: 'pid' })).toBe(first);
    await until(() => !isAlive(first));
    expect(await pool.run({ do: 'pid' })).not.toBe(first);
  });

  test('does not keep a parent that has nothing more to do', { timeout: 30_000 }, async () => {
    const parent = fork(fileURLToPath(new URL('fixture-parent.ts', import.meta.url)), { execArgv: ['--import', 'tsx'], stdio: 'ignore' });
    parent.disconnect();
    expect(await new Promise((resolve) => parent.on('exit', resolve))).toBe(0);
  });
});

test('a parent that is killed leaves neither workers nor their programs', { timeout: 30_000 }, async () => {
  const pidFile = pidPath();
  const parent = fork(fileURLToPath(new URL('fixture-parent.ts', import.meta.url)), [pidFile], {
    execArgv: ['--import', 'tsx'],
    stdio: 'ignore',
  });
  await until(() => existsSync(pidFile) && pidsIn(pidFile).length === 2, 20_000);
  const pids = pidsIn(pidFile);
  expect(pids.every(isAlive)).toBe(true);
  parent.kill('SIGKILL');
  await until(() => pids.every((pid) => !isAlive(pid)));
});
