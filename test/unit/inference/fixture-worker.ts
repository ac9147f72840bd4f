import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { UnavailableError } from '../../../src/errors/hs-error.ts';
import { serveTasks } from '../../../src/inference/serve-tasks.ts';

export type FixtureInit = { start?: 'refuse' | 'die' | 'hang'; pidFile?: string };
export type FixtureTask =
  | { do: 'echo'; value: unknown; afterMs?: number }
  | { do: 'pid' | 'abort' | 'segfault' | 'exit' | 'spin' | 'reject-later' | 'throw-later' | 'uncloneable' | 'print-and-exit' }
  | { do: 'throw'; code?: string }
  | { do: 'unavailable' }
  | { do: 'sleep'; ms: number }
  | { do: 'notes'; count: number; everyMs: number }
  | { do: 'grow'; megabytes: number }
  | { do: 'child'; pidFile: string };

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const forever = (): Promise<never> => new Promise(() => undefined);

async function perform(task: FixtureTask, note: (note: unknown) => void): Promise<unknown> {
  switch (task.do) {
    case 'echo':
      if (task.afterMs !== undefined) await pause(task.afterMs);
      return task.value;
    case 'pid':
      return process.pid;
    case 'abort':
      process.abort();
      break;
    case 'segfault':
      process.kill(process.pid, 'SIGSEGV');
      return forever();
    case 'exit':
      process.exit(7);
      break;
    case 'print-and-exit':
      process.stdout.write('this is stdout\n');
      process.stderr.write('a native library says why\n', () => process.exit(7));
      return forever();
    case 'spin':
      for (;;);
    case 'reject-later':
      setTimeout(() => void Promise.reject(Object.assign(new Error('nobody awaits me'), { code: 'decode_failed' })), 5);
      return forever();
    case 'throw-later':
      setTimeout(() => {
        throw Object.assign(new TypeError('thrown in a timer'), { code: 'inference_failed' });
      }, 5);
      return forever();
    case 'uncloneable':
      return () => 'functions cannot be cloned';
    case 'throw':
      throw Object.assign(new Error('it went wrong'), task.code === undefined ? {} : { code: task.code });
    case 'unavailable':
      throw new UnavailableError('device_unavailable', 'no such device', { hint: 'use another' });
    case 'sleep':
      await pause(task.ms);
      return 'slept';
    case 'notes':
      for (let index = 0; index < task.count; index += 1) {
        await pause(task.everyMs);
        note({ index });
      }
      return 'noted';
    case 'grow': {
      const held: Buffer[] = [];
      while (held.length < task.megabytes) {
        held.push(Buffer.alloc(1024 * 1024, held.length));
        await pause(0);
      }
      return held.length;
    }
    case 'child': {
      const child = spawn('sleep', ['600'], { stdio: 'inherit' });
      writeFileSync(task.pidFile, `${String(process.pid)} ${String(child.pid)}`);
      return forever();
    }
  }
}

serveTasks<FixtureInit, FixtureTask, unknown>({
  start: async (init) => {
    if (init.start === 'refuse') throw new UnavailableError('model_changed', 'the model was changed', { hint: 'install it again' });
    if (init.start === 'die') process.exit(3);
    if (init.start === 'hang') await forever();
    return perform;
  },
});
