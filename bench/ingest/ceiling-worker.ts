import { readProcess } from '../measure/process-tree.ts';
import type { CeilingReply, CeilingStart, CeilingTask } from './ceiling-task.ts';
import { decodeStill, decodeVideo, type RawPicture } from './raw-decode.ts';
import { createRawSession, type RawSession } from './raw-session.ts';

type Ready = { start: CeilingStart; session: RawSession; cpuAtReadyS: number };

let ready: Ready | undefined;
let lastRun: Promise<unknown> = Promise.resolve();

function reply(message: CeilingReply): void {
  process.send?.(message);
}

/** Own time is exact; that of ffmpeg processes counts once they have ended. */
function cpuS(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + (readProcess(process.pid)?.waitedCpuS ?? 0);
}

/** One inference at a time; decoding of the next file goes on meanwhile. */
function infer(session: RawSession, picture: RawPicture): Promise<void> {
  const run = lastRun.then(() => session(picture.rgb, picture));
  lastRun = run;
  return run;
}

async function work({ start, session }: Ready, task: CeilingTask): Promise<number> {
  if (task.kind === 'still') {
    await infer(session, await decodeStill(task.path, start.inputSize));
    return 1;
  }
  let frames = 0;
  for await (const picture of decodeVideo(task, start)) {
    if (frames < (task.inferFrames ?? Infinity)) await infer(session, picture);
    frames += 1;
  }
  return frames;
}

process.on('message', (message: { start: CeilingStart } | { task: CeilingTask } | 'usage') => {
  void answer(message);
});
process.on('disconnect', () => process.exit(0));

async function answer(message: { start: CeilingStart } | { task: CeilingTask } | 'usage'): Promise<void> {
  if (message === 'usage') reply({ kind: 'usage', cpuS: cpuS() - (ready?.cpuAtReadyS ?? 0) });
  else if ('start' in message) {
    const { start } = message;
    const session = await createRawSession(start.modelPath, start.inputSize);
    await session(new Uint8Array(start.inputSize * start.inputSize * 3), { width: start.inputSize, height: start.inputSize });
    ready = { start, session, cpuAtReadyS: cpuS() };
    reply({ kind: 'ready' });
  } else if (ready) reply({ kind: 'done', frames: await work(ready, message.task) });
}
