import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, copyFile, mkdir, rename, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { UnavailableError } from '../../errors/hs-error.ts';
import { minimalEnvironment } from './minimal-environment.ts';

/** Plain data: it is sent to worker processes as it is. */
export type FfmpegTools = {
  ffmpeg: string;
  ffprobe: string;
  version: string;
  origin: 'setting' | 'path' | 'bundled';
  /** The bundled build is of 2018: say so once, newer codecs are missing from it. */
  bundledOld: boolean;
  /** `-fps_mode` (5.1 and newer) instead of `-vsync`. */
  hasFpsMode: boolean;
};

type Program = 'ffmpeg' | 'ffprobe';
type Found = { path: string; origin: FfmpegTools['origin'] } & Answer;
/** What a program says of itself. */
type Answer = { version: string; hasFpsMode: boolean };
export type WantedFfmpeg = {
  ffmpeg?: string | undefined;
  ffprobe?: string | undefined;
  /** Where a bundled program that cannot be made executable in place is copied to; default: a private folder in the temp folder. */
  cacheFolder?: string | undefined;
};

const run = promisify(execFile);
const ANSWER_MS = 20_000;
/** Asked as they are used later. */
const asDecoder = () => ({ timeout: ANSWER_MS, ...minimalEnvironment() });

/**
 * The programs to decode with: as set by the user, else from PATH, else the build that npm installed along.
 * A set program that does not work is an error, never passed over. Throws UnavailableError.
 */
export async function locateFfmpeg(wanted: WantedFfmpeg = {}): Promise<FfmpegTools> {
  const [ffmpeg, ffprobe] = await Promise.all([locate('ffmpeg', wanted), locate('ffprobe', wanted)]);
  const { version, origin, hasFpsMode } = ffmpeg;
  const bundledOld = origin === 'bundled' && !hasFpsMode;
  return { ffmpeg: ffmpeg.path, ffprobe: ffprobe.path, version, origin, bundledOld, hasFpsMode };
}

async function locate(program: Program, wanted: WantedFfmpeg): Promise<Found> {
  const set = wanted[program];
  if (set !== undefined) return locateSet(program, set);
  const onPath = await pathOf(program);
  const answerOnPath = onPath === undefined ? undefined : await ask(program, onPath);
  if (onPath !== undefined && answerOnPath) return { path: onPath, origin: 'path', ...answerOnPath };
  const bundled = await bundledPath(program, wanted.cacheFolder);
  const answer = bundled === undefined ? undefined : await ask(program, bundled);
  if (bundled !== undefined && answer) return { path: bundled, origin: 'bundled', ...answer };
  throw new UnavailableError('ffmpeg_missing', `no working ${program} was found; videos cannot be read`, {
    hint: `install ffmpeg (5.1 or newer), or name the program with HS_${program.toUpperCase()}`,
  });
}

async function locateSet(program: Program, set: string): Promise<Found> {
  const path = /[/\\]/.test(set) ? set : ((await pathOf(set)) ?? set);
  const answer = await ask(program, path);
  if (answer) return { path, origin: 'setting', ...answer };
  throw new UnavailableError('ffmpeg_missing', `the ${program} that is set does not work: ${set}`, {
    hint: `correct the setting "${program}" (HS_${program.toUpperCase()}) or remove it`,
  });
}

/** Asks the shell, which knows the caller's PATH; this module does not read the environment. */
async function pathOf(name: string): Promise<string | undefined> {
  try {
    const { stdout } =
      process.platform === 'win32'
        ? await run('where', [name], { timeout: ANSWER_MS })
        : await run('/bin/sh', ['-c', 'command -v -- "$1"', 'sh', name], { timeout: ANSWER_MS });
    return stdout.split(/\r?\n/)[0]?.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Starting either loads a hundred libraries: each is asked once. With its help ffmpeg tells its version, too, on standard error. */
async function ask(program: Program, path: string): Promise<Answer | undefined> {
  const question = program === 'ffmpeg' ? ['-h', 'long'] : ['-version'];
  try {
    const { stdout, stderr } = await run(path, question, { ...asDecoder(), maxBuffer: 1 << 22 });
    const version = /^ff(?:mpeg|probe) version (\S+)/m.exec(stderr + stdout)?.[1];
    return version === undefined ? undefined : { version, hasFpsMode: stdout.includes('-fps_mode') };
  } catch {
    return undefined;
  }
}

async function bundledPath(program: Program, cacheFolder?: string): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${program}.exe` : program;
  try {
    const from = createRequire(import.meta.url).resolve(`@${program}-installer/${program}/package.json`);
    const path = createRequire(from).resolve(`@${program}-installer/${process.platform}-${process.arch}/${file}`);
    return await asExecutable(path, cacheFolder ?? join(tmpdir(), `hs-ffmpeg-${userInfo().uid}`));
  } catch {
    return undefined;
  }
}

/** npm run without install scripts leaves ffprobe executable for its owner only. */
async function asExecutable(path: string, cacheFolder: string): Promise<string> {
  if (await isExecutable(path)) return path;
  try {
    await chmod(path, 0o755);
    return path;
  } catch {
    return copyOf(path, cacheFolder);
  }
}

async function copyOf(path: string, cacheFolder: string): Promise<string> {
  await mkdir(cacheFolder, { recursive: true, mode: 0o700 });
  const folder = await stat(cacheFolder);
  // Somebody else's folder of that name in the temp folder could hold any program.
  if (process.getuid && (folder.uid !== process.getuid() || (folder.mode & 0o022) !== 0)) throw new Error('not our folder');
  const { size } = await stat(path);
  const copy = join(cacheFolder, `${size}-${path.split(/[/\\]/).at(-1) ?? ''}`);
  if (await isExecutable(copy)) return copy;
  const half = join(dirname(copy), `.${process.pid}.tmp`);
  await copyFile(path, half);
  await chmod(half, 0o700);
  await rename(half, copy);
  return copy;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
