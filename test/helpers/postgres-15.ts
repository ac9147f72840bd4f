import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const INSTALLED = [
  '/usr/lib/postgresql/15/bin',
  '/usr/pgsql-15/bin',
  '/opt/homebrew/opt/postgresql@15/bin',
  '/usr/local/opt/postgresql@15/bin',
];

/** Folder of the server programs of PostgreSQL 15, the oldest that hs supports; undefined where they are not installed. */
export function findPostgres15(): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter);
  return [...INSTALLED, ...onPath].find(isPostgres15);
}

function isPostgres15(folder: string): boolean {
  if (!['initdb', 'postgres'].every((program) => existsSync(path.join(folder, program)))) return false;
  try {
    return execFileSync(path.join(folder, 'postgres'), ['--version'], { encoding: 'utf8' }).includes(' 15.');
  } catch {
    return false;
  }
}
