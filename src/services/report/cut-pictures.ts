import type { Knex } from 'knex';

import { findThumbnailSighting } from '../../db/queries/thumbnail-sightings.ts';
import type { Report, ReportEvent, ReportPicture } from '../../exporters/report/report-data.ts';
import { mapConcurrently } from '../../lib/map-concurrently.ts';
import { encodeJpeg } from '../../media/drawing/encode-jpeg.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { cutThumbnail } from '../footage/cut-thumbnail.ts';
import { ffmpegFinder, type DecodeSettings } from '../footage/read-footage-frame.ts';

const LARGEST = { width: 400, height: 225 } as const;
/** So that a page of 500 events stays below 2 MB: as text in it a picture is a third larger. */
const MOST_PICTURES = 60;
const MOST_BYTES = 900_000;
/** A picture is a process of ffmpeg that waits for the disk half of its time. */
const AT_ONCE = 2;

type CutOptions = {
  settings: DecodeSettings;
  signal: AbortSignal;
  onPicture: (done: number, of: number) => void;
};

/** Frames of the most urgent events, by the id of the event, as many as a page should hold; null where the footage is gone. */
export async function cutPictures(knex: Knex, { events }: Report, options: CutOptions): Promise<Map<number, ReportPicture>> {
  const { settings, signal, onPicture } = options;
  const wanted = events.items.toSorted(byUrgency).slice(0, MOST_PICTURES);
  const tools = ffmpegFinder(settings);
  const cut = async ({ id }: ReportEvent) => ({ id, picture: await pictureOf(knex, id, tools) });
  const pictures = new Map<number, ReportPicture>();
  let bytes = 0;
  for await (const { id, picture } of mapConcurrently(wanted, cut, { concurrency: AT_ONCE, signal })) {
    bytes += picture?.jpeg.byteLength ?? 0;
    if (bytes > MOST_BYTES) break;
    pictures.set(id, picture);
    onPicture(pictures.size, wanted.length);
  }
  signal.throwIfAborted();
  return pictures;
}

async function pictureOf(knex: Knex, eventId: number, tools: () => Promise<FfmpegTools>): Promise<ReportPicture> {
  const seen = await findThumbnailSighting(knex, 'events', eventId);
  const picture = seen && (await cutThumbnail(seen, LARGEST, tools));
  return picture === undefined ? null : { jpeg: await encodeJpeg(picture), width: picture.width, height: picture.height };
}

function byUrgency(a: ReportEvent, b: ReportEvent): number {
  return (b.risk_score ?? -1) - (a.risk_score ?? -1) || a.started_at.getTime() - b.started_at.getTime() || a.id - b.id;
}
