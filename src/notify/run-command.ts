import { spawn, type ChildProcess } from 'node:child_process';
import { ChannelError, codeOf, type ChannelConfig, type Message } from './channel.ts';

type CommandChannel = Extract<ChannelConfig, { type: 'command' }>;

/** Nothing of our own environment: it may hold secrets. */
const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' };
const SHOWN_ERROR_CHARS = 200;

/** Runs a program, never a shell, with the message as JSON on its standard input. An exit code of 0 means that it took it. */
export async function runCommand({ command, timeoutMs }: CommandChannel, message: Message): Promise<void> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env: ENVIRONMENT, stdio: ['pipe', 'ignore', 'pipe'], detached: true, cwd: '/' });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-SHOWN_ERROR_CHARS)));
  // A program that does not read what it is given is fine.
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${JSON.stringify({ ...message.data, id: message.id, title: message.title, text: message.text })}\n`);
  const ended = await waitFor(child, timeoutMs);
  if (ended === 0) return;
  const why = said.trim() === '' ? '' : `: ${said.trim()}`;
  throw new ChannelError(`${program} ${typeof ended === 'number' ? `ended with ${String(ended)}` : ended}${why}`, { isTemporary: false });
}

/** Exit code, or what happened instead. A program that takes too long is ended with all it started. */
function waitFor(child: ChildProcess, timeoutMs: number): Promise<number | string> {
  return new Promise((resolve) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      killGroup(child);
    }, timeoutMs);
    const finish = (result: number | string): void => {
      clearTimeout(timer);
      resolve(result);
    };
    child.on('error', (error) => {
      finish(`cannot be run (${codeOf(error)})`);
    });
    child.on('exit', (code, signal) => {
      if (isLate) finish(`took longer than ${String(timeoutMs / 1000)} s`);
      else finish(code ?? `was ended by ${signal ?? 'a signal'}`);
    });
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
