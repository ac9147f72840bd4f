import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Knex } from 'knex';

import { insertAuditLog } from '../../../db/models/audit-logs.ts';
import { findCameraByFolder, findCameraWithProperty, type CameraWithPropertyRow } from '../../../db/models/cameras-with-property.ts';
import { insertCamera, updateCamera } from '../../../db/models/cameras.ts';
import { normalizeCameraId, type CameraOfFile } from '../../../domain/camera-id.ts';
import type { Gates } from '../../../domain/classes.ts';
import { isObjectUri } from '../../../domain/object-uri.ts';
import { templatesOfLayout } from '../../../domain/time/layouts.ts';
import type { Layout } from '../../../domain/time/presets.ts';
import type { TimeTemplate } from '../../../domain/time/template.ts';
import { UsageError } from '../../../errors/hs-error.ts';
import type { CameraOverrides, IngestSettings } from '../ingest-options.ts';

/** A camera with the settings that hold for its files: the database first, then the configuration. */
export type CameraFacts = {
  id: string;
  zone: string;
  clockOffsetS: number;
  containerTime: 'utc' | 'local';
  templates: readonly TimeTemplate[];
  enabled: boolean;
  moving: boolean;
  gates: Gates;
};

export type CameraConflict = { conflict: string };

export type CameraBookOptions = {
  knex: Knex;
  settings: IngestSettings;
  /** `--layout`: beats the camera's own. */
  layout: string | undefined;
  ownLayouts: readonly Layout[];
  actor: string;
  /** Nothing is written: unknown cameras get the facts they would have. */
  dryRun: boolean;
  warn: (message: string) => void;
};

type Entry = { row: CameraWithPropertyRow | undefined; facts: CameraFacts };

/** Finds, and where it must makes, the cameras of a run; asks the database once per camera. */
export function createCameraBook(options: CameraBookOptions) {
  const entries = new Map<string, Promise<Entry>>();
  const seenFolders = new Map<string, string | undefined>();

  async function open(named: CameraOfFile, folder: string): Promise<Entry> {
    const row = (await findKnown(options.knex, named, folder)) ?? (await create(options, named, folder));
    const id = row?.id ?? named.id;
    const facts = factsOf(id, row, options);
    if (facts.zone === 'UTC' && zoneSetting(id, row, options.settings) === undefined) {
      options.warn(`camera ${id} has no time zone, its local times are read as UTC; set one with: hs cameras set ${id} --timezone ZONE`);
    }
    return { row, facts };
  }

  return {
    /** The camera of a file, or why its folder cannot be that camera's. */
    async find(named: CameraOfFile, root: string): Promise<CameraFacts | CameraConflict> {
      const folder = folderOf(named, root);
      let entry = entries.get(named.id);
      if (entry === undefined) {
        entry = open(named, folder);
        entries.set(named.id, entry);
      }
      const { row, facts } = await entry;
      const key = `${named.id}\n${folder}`;
      if (!seenFolders.has(key)) seenFolders.set(key, conflictOf({ named, folder, row, settings: options.settings }));
      const conflict = seenFolders.get(key);
      return conflict === undefined ? facts : { conflict };
    },
    /** The layout says that this camera travels: it has no background to compare with. */
    async markMoving(cameraId: string): Promise<void> {
      const opened = await Promise.all(entries.values());
      const still = opened.filter(({ facts }) => facts.id === cameraId && !facts.moving);
      if (still.length === 0) return;
      for (const { facts } of still) facts.moving = true;
      if (!options.dryRun) await updateCamera(options.knex, cameraId, { moving: true });
    },
    async facts(): Promise<CameraFacts[]> {
      const opened = await Promise.all(entries.values());
      return opened.map((entry) => entry.facts);
    },
  };
}

export type CameraBook = ReturnType<typeof createCameraBook>;

/** The ids that a book's `find` would give; makes no camera. */
export function createCameraIds(knex: Knex): (named: CameraOfFile, root: string) => Promise<string> {
  const ids = new Map<string, Promise<string>>();
  return (named, root) => {
    const known = ids.get(named.id);
    if (known !== undefined) return known;
    const found = findKnown(knex, named, folderOf(named, root)).then((row) => row?.id ?? named.id);
    ids.set(named.id, found);
    return found;
  };
}

function folderOf(named: CameraOfFile, root: string): string {
  if (named.from === 'folder') return inFolder(root, named.folder);
  return named.from === 'template' ? inFolder(root, named.name) : root;
}

function inFolder(root: string, name: string): string {
  if (!isObjectUri(root)) return join(root, name);
  return name === '' ? root : `${root}/${name}`;
}

/** By its id, else the camera that this folder was given to; an id that was named for this run means that camera and no other. */
async function findKnown(knex: Knex, named: CameraOfFile, folder: string): Promise<CameraWithPropertyRow | undefined> {
  const own = await findCameraWithProperty(knex, named.id);
  if (own !== undefined || named.from === 'flag') return own;
  const isSameName = (other: string): boolean => normalizeCameraId(basename(other)) === named.id;
  return findCameraByFolder(knex, { folder, isSameName });
}

async function create(options: CameraBookOptions, named: CameraOfFile, folder: string): Promise<CameraWithPropertyRow | undefined> {
  const { knex, dryRun, actor } = options;
  if (dryRun) return undefined;
  await knex.transaction(async (trx) => {
    for (const camera of candidates(named, folder)) {
      if (!(await insertCamera(trx, camera))) continue;
      await insertAuditLog(trx, {
        action: 'camera_created',
        resource_type: 'camera',
        resource_id: named.id,
        actor,
        details: { name: camera.name, folder_path: camera.folder_path, by: 'ingest' },
      });
      return;
    }
  });
  return findCameraWithProperty(knex, named.id);
}

/** Names and folders of cameras are unique; where several cameras share a folder, the later ones add their id to it. */
function candidates({ id, name }: CameraOfFile, folder: string): { id: string; name: string; folder_path: string }[] {
  const folders = [folder, `${folder}#${id}`];
  return [name, id].flatMap((shown) => folders.map((path) => ({ id, name: shown, folder_path: path })));
}

function zoneSetting(id: string, row: CameraWithPropertyRow | undefined, settings: IngestSettings): string | undefined {
  return row?.timezone ?? row?.property_timezone ?? settings.cameras[id]?.timezone ?? settings.timezone;
}

/** A camera that has neither row nor settings. */
const PLAIN_ROW = { clock_offset_s: 0, enabled: true, moving: false };
const PLAIN_SETTINGS: CameraOverrides = { clockOffsetS: 0, enabled: true, gates: {}, folders: [] };

function factsOf(id: string, row: CameraWithPropertyRow | undefined, options: CameraBookOptions): CameraFacts {
  const { settings, layout, ownLayouts } = options;
  const own = settings.cameras[id] ?? PLAIN_SETTINGS;
  const { clock_offset_s: clockOffsetS, enabled, moving } = row ?? PLAIN_ROW;
  const templates = templatesOfLayout(layout ?? own.layout ?? settings.layout, ownLayouts);
  if (!templates.ok) throw new UsageError(templates.message);
  return {
    id,
    zone: zoneSetting(id, row, settings) ?? 'UTC',
    clockOffsetS: clockOffsetS || own.clockOffsetS,
    containerTime: own.containerTime ?? settings.containerTime,
    templates: templates.templates,
    enabled: enabled && own.enabled,
    moving,
    gates: { ...settings.detector.gates, ...own.gates },
  };
}

type FolderClaim = {
  named: CameraOfFile;
  folder: string;
  row: CameraWithPropertyRow | undefined;
  settings: IngestSettings;
};

/**
 * Two folders with different names that give one id, both in use: most likely two cameras. The same name elsewhere, or a
 * folder that is gone, is the same camera.
 */
function conflictOf({ named, folder, row, settings }: FolderClaim): string | undefined {
  if (row === undefined || (named.from !== 'folder' && named.from !== 'root')) return undefined;
  const known = [row.folder_path, ...row.folders, ...(settings.cameras[named.id]?.folders ?? [])];
  const isKnown = known.some((one) => one === folder || basename(one) === basename(folder));
  if (isKnown || !(isObjectUri(row.folder_path) || existsSync(row.folder_path))) return undefined;
  return `the folder gives the camera id ${named.id}, which belongs to ${row.folder_path}; if it is the same camera: hs cameras set ${named.id} --folder ${JSON.stringify(folder)}`;
}
