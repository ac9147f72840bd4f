import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readTree } from '../measure/process-tree.ts';
import type { CeilingReply, CeilingStart, CeilingTask } from './ceiling-task.ts';

export type CeilingResult = { wallS: number; cpuS: number; peakTreeBytes: number; frames: number };

/** Stills a process has in hand: one in the model, one being decoded. A video keeps its own ffmpeg ahead. */
const IN_HAND = { still: 2, video: 1 };

/**
 * Decodes and infers all files in `workers` processes: no database, no hashing, no boxes.
 * Start-up and model loading are left out of the figures, which makes the ceiling higher, never lower.
 */
export async function runCeiling(tasks: readonly CeilingTask[], start: CeilingStart, workers: number): Promise<CeilingResult> {
  const children = await Promise.all(Array.from({ length: workers }, () => startWorker(start)));
  let peakTreeBytes = 0;
  const timer = setInterval(() => {
    const bytes = children.flatMap((child) => readTree(child.pid ?? 0)).reduce((sum, { rssBytes }) => sum + rssBytes, 0);
    peakTreeBytes = Math.max(peakTreeBytes, bytes);
  }, 100);
  const startMs = performance.now();
  const queue = [...tasks];
  const frames = await Promise.all(children.map((child) => feed(child, queue)));
  const wallS = (performance.now() - startMs) / 1000;
  clearInterval(timer);
  const cpuS = await Promise.all(children.map(stopWorker));
  return { wallS, cpuS: sum(cpuS), peakTreeBytes, frames: sum(frames) };
}

async function startWorker(start: CeilingStart): Promise<ChildProcess> {
  const child = fork(new URL('./ceiling-worker.ts', import.meta.url));
  child.send({ start });
  await nextReply(child);
  return child;
}

/** Keeps the process supplied from the shared queue until that is empty; resolves with the frames it decoded. */
function feed(child: ChildProcess, queue: CeilingTask[]): Promise<number> {
  return new Promise((resolve, reject) => {
    let inHand = 0;
    let frames = 0;
    const give = (): void => {
      for (let task = queue[0]; task && inHand < IN_HAND[task.kind]; task = queue[0]) {
        queue.shift();
        inHand += 1;
        child.send({ task });
      }
      if (inHand === 0) resolve(frames);
    };
    child.on('message', (reply: CeilingReply) => {
      if (reply.kind !== 'done') return;
      frames += reply.frames;
      inHand -= 1;
      give();
    });
    child.on('exit', () => {
      reject(new Error('a ceiling process ended early'));
    });
    give();
  });
}

async function stopWorker(child: ChildProcess): Promise<number> {
  child.send('usage');
  const reply = await nextReply(child);
  child.removeAllListeners('exit');
  child.disconnect();
  return reply.kind === 'usage' ? reply.cpuS : 0;
}

async function nextReply(child: ChildProcess): Promise<CeilingReply> {
  const [reply] = (await once(child, 'message')) as [CeilingReply];
  return reply;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
