import { MediaError } from '../media-error.ts';
import { runLimited } from './run-limited.ts';

type CollectOptions = Omit<Parameters<typeof runLimited>[2], 'onLogLine'> & {
  wallMs: number;
  maxBytes: number;
  signal?: AbortSignal | undefined;
};

/** Runs a program to its end and returns what it wrote. Throws MediaError `timeout`, or the signal's reason. */
export async function collectRun(
  program: string,
  args: readonly string[],
  options: CollectOptions,
): Promise<{ stdout: string; log: string[] }> {
  options.signal?.throwIfAborted();
  const log: string[] = [];
  const onLogLine = (line: string): void => {
    if (log.length < 20) log.push(line);
  };
  const run = runLimited(program, args, { ...options, onLogLine });
  const timeout = AbortSignal.timeout(options.wallMs);
  timeout.addEventListener('abort', run.kill, { once: true });
  options.signal?.addEventListener('abort', run.kill, { once: true });
  try {
    const stdout = await readUpTo(run.stdout, options.maxBytes, run.kill);
    const { signal } = await run.ended;
    options.signal?.throwIfAborted();
    if (timeout.aborted) throw new MediaError('timeout', `no answer from the decoder within ${options.wallMs / 1000} s`);
    if (signal !== null) log.push(`the program died of ${signal}`);
    return { stdout, log };
  } finally {
    timeout.removeEventListener('abort', run.kill);
    options.signal?.removeEventListener('abort', run.kill);
    run.kill();
  }
}

async function readUpTo(stream: AsyncIterable<unknown>, maxBytes: number, kill: () => void): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > maxBytes) {
      kill();
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
