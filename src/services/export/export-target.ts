import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { UsageError } from '../../errors/hs-error.ts';
import { isBoxFormat } from './export-boxes.ts';

/** Where an export goes: standard output, or a file that is replaced when it exists. */
export type ExportTarget = { kind: 'stdout' } | { kind: 'file'; path: string };

/** Suffix of files of a format. */
export function suffixOf(format: string): string {
  if (format === 'excel') return 'xlsx';
  return isBoxFormat(format) ? `${format}.json` : format;
}

type ResolveTargetOptions = {
  /** `--out`: a file, an existing folder, `-`, or nothing for the current folder. */
  out: string | undefined;
  folder: string;
  type: string;
  suffix: string;
  /** What names made here tell: the moment of the export, or the date of what is in it. */
  at: Date | string;
};

/** Only a file that was named is ever replaced; a name made here is a free one. */
export async function resolveTarget(options: ResolveTargetOptions): Promise<ExportTarget> {
  const { out, folder } = options;
  if (out === '-') return { kind: 'stdout' };
  if (out === undefined) return { kind: 'file', path: await freeName(folder, options) };
  const path = resolve(folder, out);
  const found = await kindOf(path);
  switch (found) {
    case 'folder':
      return { kind: 'file', path: await freeName(path, options) };
    case 'file':
      return { kind: 'file', path: await realpath(path) };
    case 'other':
      throw new UsageError(`--out ${out} is neither a file nor a folder`, { hint: 'use --out - for standard output' });
    case 'nothing':
      return newFile(out, path);
  }
}

async function kindOf(path: string): Promise<'folder' | 'file' | 'other' | 'nothing'> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return 'nothing';
  if (found.isDirectory()) return 'folder';
  return found.isFile() ? 'file' : 'other';
}

/** A name that ends like a folder is meant as one, and folders are not made here. */
async function newFile(out: string, path: string): Promise<ExportTarget> {
  const meansFolder = out.endsWith('/') || out.endsWith(sep);
  const parent = meansFolder ? path : dirname(path);
  if (!meansFolder && (await kindOf(parent)) === 'folder') return { kind: 'file', path };
  throw new UsageError(`--out ${out}: there is no folder ${parent}`, { hint: 'make the folder first' });
}

/** `hs-events-20260114T081500Z.csv`, with `-2`, `-3`… when that is taken. */
async function freeName(folder: string, { type, suffix, at }: ResolveTargetOptions): Promise<string> {
  const stamp = typeof at === 'string' ? at : at.toISOString().replace(/[-:]|\.\d+/g, '');
  for (let number = 1; ; number += 1) {
    const path = join(folder, `hs-${type}-${stamp}${number === 1 ? '' : `-${String(number)}`}.${suffix}`);
    if ((await kindOf(path)) === 'nothing') return path;
  }
}
