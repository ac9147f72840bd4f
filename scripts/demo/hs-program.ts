import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built program, with a home and a configuration of its own. */
export type HsProgram = { home: string; config: string };

export type HsResult = { exitCode: number | null; stdout: string };

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const HS = path.join(REPOSITORY, 'bin', 'run.js');

/** Settings of the person at the keyboard must not reach the demo. */
function demoEnv({ home }: HsProgram): NodeJS.ProcessEnv {
  const foreign = /^(HS_(?!FFMPEG$|FFPROBE$|PG_)|DATABASE_URL$)/;
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))), HS_HOME: home };
}

/** Shows the command and its output as a person at a terminal would see it. */
export function showHs(program: HsProgram, args: readonly string[]): Promise<HsResult> {
  process.stdout.write(`\n$ hs ${args.map(quoted).join(' ')}\n`);
  return runHs(program, args, 'inherit');
}

/** Runs it quietly and returns what it wrote to stdout. */
export function readHs(program: HsProgram, args: readonly string[]): Promise<HsResult> {
  return runHs(program, args, 'pipe');
}

async function runHs(program: HsProgram, args: readonly string[], output: 'inherit' | 'pipe'): Promise<HsResult> {
  const stderr = output === 'inherit' ? 'inherit' : 'ignore';
  const child = spawn(process.execPath, [HS, ...args, '--config', program.config], {
    env: demoEnv(program),
    stdio: ['ignore', output, stderr],
  });
  const parts: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => parts.push(text));
  const exitCode = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { exitCode, stdout: parts.join('') };
}

function quoted(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word}'`;
}
