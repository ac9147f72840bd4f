import { fork, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { ResidentOrder } from './resident-hs.ts';

type Order = Omit<ResidentOrder, 'mark'> & { timeoutMs: number };
export type HsResult = { code: number | null; stdout: string; stderr: string };

let resident: ChildProcess | undefined;
let isBusy = false;
let orders = 0;

/** Lets the process that stays run a command; undefined while it is at another one. One that ended, as a crash ends it, is replaced. */
export async function orderFromResident(order: Order): Promise<HsResult | undefined> {
  if (isBusy) return undefined;
  isBusy = true;
  try {
    resident ??= startResident();
    return await place(resident, order);
  } finally {
    isBusy = false;
  }
}

function startResident(): ChildProcess {
  const execArgv = ['--import', 'tsx'];
  const child = fork(resolve(import.meta.dirname, 'resident-hs.ts'), { execArgv, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  // It ends with this process, and must not keep it.
  child.unref();
  child.channel?.unref();
  for (const stream of outputsOf(child)) stream.setEncoding('utf8');
  return child;
}

function outputsOf({ stdout, stderr }: ChildProcess): Readable[] {
  return [stdout, stderr].filter((stream) => stream !== null);
}

async function place(child: ChildProcess, { timeoutMs, ...order }: Order): Promise<HsResult> {
  orders += 1;
  const sent: ResidentOrder = { ...order, mark: `\0end of order ${String(orders)}: ` };
  const outputs = Promise.all(outputsOf(child).map((stream) => textUntil(stream, sent.mark)));
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  child.send(sent);
  const [out, err] = await outputs;
  clearTimeout(timer);
  if (out?.code === undefined) resident = undefined;
  return { code: out?.code ?? (await exitCodeOf(child)), stdout: out?.text ?? '', stderr: err?.text ?? '' };
}

/** What a stream says up to the mark, and the code that follows it; without a code where the stream ends before. */
function textUntil(stream: Readable, mark: string): Promise<{ text: string; code?: number }> {
  return new Promise((done) => {
    let text = '';
    const onText = (more: string): void => {
      text += more;
      const [before = '', code] = text.split(mark);
      if (code?.endsWith('\n')) end({ text: before, code: Number(code) });
    };
    const onClose = (): void => {
      end({ text });
    };
    const end = (result: { text: string; code?: number }): void => {
      stream.off('data', onText).off('close', onClose);
      done(result);
    };
    stream.on('data', onText).once('close', onClose);
  });
}

async function exitCodeOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  return new Promise((done) => child.once('exit', done));
}
