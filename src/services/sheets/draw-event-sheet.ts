import { extname } from 'node:path';
import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { findEvent, type EventListRow } from '../../db/queries/events.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import { EXIT } from '../../errors/exit-codes.ts';
import { HsError, UsageError } from '../../errors/hs-error.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';
import { drawSheet } from '../../media/drawing/draw-sheet.ts';
import { encodeJpeg } from '../../media/drawing/encode-jpeg.ts';
import { encodePng } from '../../media/drawing/encode-png.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { findMoments } from '../events/find-moments.ts';
import { noSuchEvent } from '../events/review-event.ts';
import { resolveTarget } from '../export/export-target.ts';
import type { DecodeSettings } from '../footage/read-footage-frame.ts';
import { readCells } from './read-cells.ts';

export type SheetOptions = {
  /** A file, an existing folder, or nothing for a new file in `folder`. */
  out: string | undefined;
  folder: string;
  columns: number;
  boxes: boolean;
  /** Compare originals by their sha256, not only by size and time. */
  verify: boolean;
  settings: DecodeSettings & ZoneSettings;
  actor: string;
  signal: AbortSignal;
  onFailure: (text: string) => void;
};

export type EventSheet = {
  event_id: number;
  path: string;
  bytes: number;
  width: number;
  height: number;
  frames: number;
};

const MOST_FRAMES = 12;

/** Draws the most telling frames of an event on one picture, which is whole or not there. Throws HsError where none can be read. */
export async function drawEventSheet(knex: Knex, id: number, options: SheetOptions): Promise<EventSheet> {
  const event = await findEvent(knex, id);
  if (event === undefined) throw noSuchEvent([id]);
  const path = await pathFor(id, options);
  const timezone = cameraZone(event, options.settings);
  const cells = await readCells(await findMoments(knex, event, MOST_FRAMES), { ...options, timezone });
  if (cells.length === 0) {
    const hint = 'hs events show names the files it was seen in';
    throw new HsError('no_frames', EXIT.someFailed, `no frame of event ${String(id)} can be read`, { hint });
  }
  const sheet = await drawSheet({ title: titleOf(event, timezone), cells, columns: options.columns });
  const bytes = await writeAtomically(path, [await (extname(path).toLowerCase() === '.png' ? encodePng : encodeJpeg)(sheet)]);
  const made = { path, bytes, width: sheet.width, height: sheet.height, frames: cells.length };
  const entry = { action: 'media_exported', resource_type: 'event', resource_id: String(id), actor: options.actor } as const;
  await insertAuditLog(knex, { ...entry, details: { type: 'sheet', ...made } });
  return { event_id: id, ...made };
}

async function pathFor(id: number, { out, folder }: SheetOptions): Promise<string> {
  const target = await resolveTarget({ out, folder, type: `event-${String(id)}`, suffix: 'jpg', at: new Date() });
  if (target.kind === 'stdout') throw new UsageError('--out - would print a picture', { hint: 'give a file to write, such as sheet.jpg' });
  if (/\.(jpe?g|png)$/i.test(target.path)) return target.path;
  throw new UsageError(`--out ${JSON.stringify(out)} is neither .jpg nor .png`, { hint: 'the end of the name says what is written' });
}

function titleOf(event: EventListRow, timezone: string): string {
  const started = formatLocal(event.started_at.getTime(), timezone).replace('T', ' ');
  const lastedS = Math.round(((event.ended_at ?? event.started_at).getTime() - event.started_at.getTime()) / 1000);
  const risk = event.risk_level === null ? [] : [`${event.risk_level} ${String(event.risk_score ?? '')}`.trim()];
  const name = `${event.camera_name}  ·  event ${String(event.id)}`;
  return [name, started, `${String(lastedS)} s`, event.object_types ?? '', ...risk].filter((part) => part !== '').join('  ·  ');
}
