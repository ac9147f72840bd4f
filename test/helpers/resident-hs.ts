/**
 * A process that runs the built program again and again: what a start of Node and loading take is paid once, and is most of what a short
 * command costs. Each command has variables, a folder and an input of its own; its output ends with a mark that says its exit code.
 */
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { Errors, run } from '@oclif/core';

export type ResidentOrder = { args: readonly string[]; env: Readonly<Record<string, string>>; cwd: string; input: string; mark: string };

const PACKAGE = resolve(import.meta.dirname, '../..');
const PROGRAM = resolve(PACKAGE, 'bin/run.js');
const EVENTS = ['SIGINT', 'SIGTERM', 'uncaughtException', 'exit'] as const;

process.on('disconnect', () => process.exit());
process.on('message', (order: ResidentOrder) => void obey(order));

async function obey({ args, env, cwd, input, mark }: ResidentOrder): Promise<void> {
  replaceVariables(env);
  process.argv = [process.execPath, PROGRAM, ...args];
  process.chdir(cwd);
  process.umask(0o022);
  Object.defineProperty(process, 'stdin', { value: Readable.from(input === '' ? [] : [Buffer.from(input)]), configurable: true });
  const listeners = EVENTS.map((event) => process.listeners(event as 'exit'));
  const code = await exitCodeOf(args);
  EVENTS.forEach((event, index) => {
    for (const added of process.listeners(event as 'exit')) if (!listeners[index]?.includes(added)) process.off(event, added);
  });
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error');
    stream.write(`${mark}${String(code)}\n`);
  }
  process.exitCode = undefined;
  process.chdir('/');
}

/** As `execute` of oclif ends the process. */
async function exitCodeOf(args: readonly string[]): Promise<number> {
  try {
    await run([...args], PACKAGE);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof Errors.ExitError) return error.oclif.exit ?? 1;
    process.stderr.write(`${String(error)}\n`);
    return 1;
  }
}

function replaceVariables(env: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, env);
}
