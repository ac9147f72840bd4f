import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export type MarkedProcess = { pid: number; parentPid: number; command: string };

/** Processes of this machine that inherited `name=value` in their environment (Linux): whatever a program under test has started. */
export function findMarkedProcesses(mark: string): MarkedProcess[] {
  return findProcesses((pid) =>
    readFileSync(`/proc/${String(pid)}/environ`, 'utf8')
      .split('\0')
      .includes(mark),
  );
}

/** Processes that have a file below a folder open: decoders inherit no environment. */
export function findReaders(folder: string): MarkedProcess[] {
  return findProcesses((pid) => {
    const descriptors = `/proc/${String(pid)}/fd`;
    return readdirSync(descriptors).some((name) => readlinkSync(`${descriptors}/${name}`).startsWith(`${folder}/`));
  });
}

function findProcesses(matches: (pid: number) => boolean): MarkedProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => describe(Number(name), matches));
}

function describe(pid: number, matches: (pid: number) => boolean): MarkedProcess[] {
  try {
    if (!matches(pid)) return [];
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    if (/^State:\s+Z/m.test(status)) return [];
    const command = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8')
      .replaceAll('\0', ' ')
      .trim();
    return [{ pid, parentPid: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]), command }];
  } catch {
    // It ended while we looked.
    return [];
  }
}

export function isWorker({ command }: MarkedProcess): boolean {
  return command.includes('analyse-worker');
}

export function isDatabaseServer({ command }: MarkedProcess): boolean {
  return /(^|\/)postgres[ :]/.test(command);
}
