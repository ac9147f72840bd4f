import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readZipTexts } from '../helpers/read-zip-texts.ts';
import { runHs } from '../helpers/run-hs.ts';

/** What a writer is given to work on. */
export type Material = {
  footage: string;
  event: number;
  detection: number;
  camera: string;
  env: Readonly<Record<string, string>>;
  folder: string;
};

/** A command that writes a file. */
export type Writer = {
  name: string;
  /** Below the folder of this writer, where everything is that it writes. */
  file: string;
  args: (material: Material, path: string) => readonly string[];
  /** Where not all is below the home of the others. */
  env?: (folder: string) => Readonly<Record<string, string>>;
  /** How old the lock of a killed run has to be. */
  lockMs?: number;
  /** What is in the file before; undefined: there is none, as the writer replaces nothing. */
  old: string | undefined;
  /** Exit codes of an undisturbed run. */
  codes: readonly number[];
  /** What is in a whole file, without what differs each time; undefined: it is torn. */
  read: (path: string, material: Material) => Promise<string | undefined>;
};

const OLD = 'old\n';

/** Installs a model into a home of its own; the card is written last. */
export function modelWriter({ file, id }: { file: string; id: string }): Writer {
  return writer('model', join('models', id, 'card.json'), () => ['models', 'install', '--from', file, '--accept-license'], {
    old: undefined,
    env: (folder) => ({ HS_HOME: folder }),
    read: async (_, { env, folder }) =>
      (await runHs(['models', 'verify', id, '--quiet'], { env, cwd: folder })).code === 0 ? 'whole' : undefined,
  });
}

export const WRITERS: readonly Writer[] = [
  ...['csv', 'ndjson', 'json'].map((format) => exportTo(format, textOf)),
  ...['zip', 'excel'].map((format) => exportTo(format, zipOf)),
  writer('report', 'day.html', ({ path }) => ['report', 'daily', '--date', '2026-01-14', '--format', 'html', '--out', path], {
    read: textOf,
  }),
  writer('metrics', 'hs.prom', ({ path }) => ['stats', '--prometheus', '--out', path], { read: namesOf }),
  writer('plot', 'hours.svg', ({ path }) => ['stats', '--by', 'hour', '--out', path], { read: textOf }),
  writer('anchor', 'anchors.txt', ({ path }) => ['audit', 'anchor', '--out', path], { read: textOf, old: undefined }),
  writer('zones', 'zones.json', ({ path }) => ['zones', 'export', '--out', path], { read: textOf }),
  writer('rules', 'rules.yaml', ({ path }) => ['rules', 'export', '--out', path], { read: textOf }),
  writer('prompts', 'prompts.json', ({ path }) => ['prompts', 'export', '--out', path], { read: textOf }),
  writer('sheet', 'sheet.png', ({ path, event }) => ['events', 'sheet', String(event), '--out', path], { read: bytesOf }),
  writer('zone drawing', 'zones.png', ({ path, camera }) => ['zones', 'draw', camera, '--out', path], { read: bytesOf }),
  writer('clip', 'clip.mp4', ({ path, event }) => ['events', 'clip', String(event), '--out', path], { read: lengthOf }),
  writer('evidence', 'case.zip', ({ path, event }) => ['evidence', 'create', '--event', String(event), '--no-clips', '--out', path], {
    read: verifiedBy('evidence'),
  }),
  writer('backup', 'backup.zip', ({ path }) => ['backup', 'create', '--out', path], { read: verifiedBy('backup') }),
  writer('signing key', 'case.key', ({ path }) => ['evidence', 'keygen', '--out', path], { read: keyOf, old: undefined }),
  writer('settings', 'config.yaml', ({ path }) => ['config', 'set', 'detector.device', 'cpu', '--config', path], {
    read: textOf,
    old: 'detector:\n  device: auto\n',
    lockMs: 11_000,
  }),
  writer('failed list', 'failed.tsv', ({ path, footage }) => ['ingest', footage, '--redo', 'failed', '--failed-list', path], {
    read: textOf,
    codes: [0, 3],
  }),
];

type Given = Material & { path: string };
type About = Pick<Writer, 'read'> & Partial<Pick<Writer, 'old' | 'codes' | 'env' | 'lockMs'>>;

function writer(name: string, file: string, args: (given: Given) => readonly string[], about: About): Writer {
  const facts = { old: OLD, codes: [0], ...about };
  return { name, file, args: (material, path) => [...args({ ...material, path }), '--quiet'], ...facts };
}

function exportTo(format: string, read: Writer['read']): Writer {
  return writer(`export ${format}`, `kept.${format}`, ({ path }) => ['export', 'detections', '--format', format, '--out', path], { read });
}

/** Without the moment at which it was made. */
function timeless(text: string): string {
  return text.replaceAll(/20(?:2[6-9]|[3-9]\d)-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?/g, 'T').replaceAll(/<v>46\d{3}\.\d+<\/v>/g, 'T');
}

async function textOf(path: string): Promise<string> {
  return timeless(await readFile(path, 'utf8'));
}

/** Figures move as runs are added. */
async function namesOf(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).replaceAll(/ [\d.e+-]+$/gm, ' n');
}

async function bytesOf(path: string): Promise<string> {
  return (await readFile(path)).toString('base64');
}

async function lengthOf(path: string): Promise<string> {
  return String((await readFile(path)).length);
}

async function zipOf(path: string): Promise<string | undefined> {
  const bytes = await readFile(path);
  if (bytes.toString() === OLD) return OLD;
  return readZipTexts(bytes).then(
    (texts) => timeless(JSON.stringify(texts)),
    () => undefined,
  );
}

/** The program itself says whether it is whole: what is in it grows with every run. */
function verifiedBy(topic: 'evidence' | 'backup'): Writer['read'] {
  return async (path, { env, folder }) => {
    if ((await readFile(path)).toString() === OLD) return OLD;
    const { code } = await runHs([topic, 'verify', path, '--quiet'], { env, cwd: folder });
    return code === 0 ? 'whole' : undefined;
  };
}

async function keyOf(path: string): Promise<string | undefined> {
  return /^-----BEGIN PRIVATE KEY-----\n[\w+/=\n]+\n-----END PRIVATE KEY-----\n$/.test(await readFile(path, 'utf8')) ? 'whole' : undefined;
}
