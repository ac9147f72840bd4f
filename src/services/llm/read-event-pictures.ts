import type { Knex } from 'knex';

import { findEventCrops, type EventCropRow } from '../../db/queries/event-crops.ts';
import { choosePictures, type ChosenPicture, type Sighting } from '../../domain/llm/choose-pictures.ts';
import type { EventFacts } from '../../domain/risk/event-facts.ts';
import { fitInto } from '../../media/cut-picture.ts';
import { encodeJpeg } from '../../media/drawing/encode-jpeg.ts';
import { MediaError } from '../../media/media-error.ts';
import { readCrops, type ReadCropsOptions } from '../entities/read-crops.ts';

export type EventPicture = { trackId: number | null; atMs: number; jpeg: Buffer };

type Seen = Sighting & { row: EventCropRow };

const LARGEST = { width: 768, height: 768 };

/** Up to six pictures of an event, cut from its footage; what cannot be read any more is left out. */
export async function readEventPictures(
  knex: Knex,
  facts: EventFacts,
  options: Pick<ReadCropsOptions, 'tools' | 'signal'>,
): Promise<EventPicture[]> {
  const rows = await findEventCrops(knex, facts.event.id);
  const pictures: EventPicture[] = [];
  for (const chosen of choosePictures(facts.subjects, rows.map(toSighting))) {
    const jpeg = await readPicture(chosen, options);
    const { trackId, detectedAtMs } = chosen.sighting;
    if (jpeg !== undefined) pictures.push({ trackId: chosen.kind === 'crop' ? trackId : null, atMs: detectedAtMs, jpeg });
  }
  return pictures;
}

function toSighting(row: EventCropRow): Seen {
  const quality = row.confidence * row.bbox_width * row.bbox_height;
  return { trackId: row.track_id, detectedAtMs: row.detected_at.getTime(), quality, row };
}

async function readPicture(
  { kind, sighting: { row } }: ChosenPicture<Seen>,
  options: Pick<ReadCropsOptions, 'tools' | 'signal'>,
): Promise<Buffer | undefined> {
  const whole = { bbox_x: 0, bbox_y: 0, bbox_width: row.width ?? 0, bbox_height: row.height ?? 0 };
  const wanted = { ...row, track_id: row.track_id ?? 0, ...(kind === 'frame' ? whole : {}) };
  try {
    for await (const { picture } of readCrops([wanted], { ...options, scaleTo: (size) => fitInto(size, LARGEST) }))
      return await encodeJpeg(picture);
  } catch (error) {
    // Footage may have been deleted or moved since.
    if (!(error instanceof MediaError)) throw error;
  }
  return undefined;
}
