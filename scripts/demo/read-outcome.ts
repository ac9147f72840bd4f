import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FoundEvent, FoundFile } from './check-outcome.ts';
import { readHs, type HsProgram } from './hs-program.ts';
import { parseCsv } from './parse-csv.ts';

/** Everything the program can tell about the footage, as text for comparing and as records for checking. */
export type Snapshot = { text: string; events: FoundEvent[]; files: FoundFile[] };

/** Exports the events to `csvFile` and reads it and the list of files back. */
export async function readSnapshot(program: HsProgram, { csvFile, footage }: { csvFile: string; footage: string }): Promise<Snapshot> {
  await readHs(program, ['export', 'events', '--format', 'csv', '--out', csvFile]);
  const events = await readFile(csvFile, 'utf8');
  const files = (await readHs(program, ['files', 'list', '--limit', '0', '--csv'])).stdout;
  const detections = (await readHs(program, ['detections', 'list', '--limit', '0', '--csv'])).stdout;
  return {
    text: [events, files, detections].join('\n'),
    events: parseCsv(events).map(toEvent),
    files: parseCsv(files).map((record) => toFile(record, footage)),
  };
}

function toEvent(record: Record<string, string>): FoundEvent {
  return {
    id: record['id'] ?? '',
    cameraId: record['camera_id'] ?? '',
    fromMs: Date.parse(record['started_at'] ?? ''),
    toMs: Date.parse(record['ended_at'] ?? ''),
  };
}

function toFile(record: Record<string, string>, footage: string): FoundFile {
  const relative = path.relative(footage, path.resolve(record['path'] ?? ''));
  return {
    path: relative.split(path.sep).join('/'),
    status: record['status'] ?? '',
    code: record['code'] ?? '',
    detections: Number(record['detections'] ?? 0),
  };
}
