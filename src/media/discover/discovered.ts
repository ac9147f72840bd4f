import type { MediaType } from '../../domain/enums.ts';

export type FoundFile = {
  /** Absolute; of a file behind a symbolic link its real path. */
  path: string;
  root: string;
  /** Below the root, `/` as separator, as the folder shows it. */
  relativePath: string;
  sizeBytes: number;
  modifiedAtMs: number;
  inode: number;
  /** Of an object in object storage, where `path` is its `s3://` address: other content has another one. */
  etag?: string;
  /** By suffix; the first bytes have the last word. */
  mediaType: MediaType;
};

export type ProblemCode =
  'not_found' | 'not_media' | 'unreadable' | 'outside_root' | 'broken_link' | 'special_file' | 'name_not_utf8' | 'path_too_long';

/** Something that is there and is not read. */
export type DiscoveryProblem = { path: string; code: ProblemCode; message: string };

export type Discovered = { kind: 'file'; file: FoundFile } | { kind: 'problem'; problem: DiscoveryProblem };

export function problem(path: string, code: ProblemCode, message: string): Discovered {
  return { kind: 'problem', problem: { path, code, message } };
}

/** A failed call of the file system as a problem; any other error is thrown on. */
export function problemOf(path: string, error: unknown): Discovered {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === undefined) throw error;
  if (code === 'ENOENT') return problem(path, 'not_found', 'does not exist');
  return problem(path, 'unreadable', `cannot be read (${code})`);
}
