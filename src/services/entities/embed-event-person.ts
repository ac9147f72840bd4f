import type { Knex } from 'knex';

import { findPeopleOfEvent } from '../../db/queries/event-people.ts';
import { streamSightings } from '../../db/queries/sightings.ts';
import { MAX_CROPS } from '../../domain/household/appearance.ts';
import { UsageError } from '../../errors/hs-error.ts';
import type { Embedder } from '../../inference/embedder.ts';
import { embedTracks } from './embed-tracks.ts';
import { toolsOf, type RecogniseSettings } from './recognise.ts';

type EventPersonOptions = {
  eventId: number;
  /** Which of several people. */
  trackId?: number | undefined;
  embedder: Embedder;
  settings: RecogniseSettings;
  signal: AbortSignal;
};

/** What the person in an event looks like, crop by crop. Throws a usage error when it is not clear who is meant, or nobody is large enough. */
export async function embedEventPerson(
  knex: Knex,
  options: EventPersonOptions,
): Promise<{ vector: Float32Array; confidence: number; source: string }[]> {
  const { eventId, embedder, settings, signal } = options;
  const trackId = choosePerson(eventId, await findPeopleOfEvent(knex, eventId), options.trackId);
  await embedTracks(knex, { scope: { groups: ['person'], trackIds: [trackId] }, embedder, tools: toolsOf(settings), signal });
  const looks: { vector: Float32Array; confidence: number; source: string; quality: number }[] = [];
  for await (const { crops } of streamSightings(knex, { modelId: embedder.card.id, trackIds: [trackId] })) {
    for (const { vector, quality, confidence, detection_id: id } of crops) {
      looks.push({ vector: Float32Array.from(vector), confidence, source: `detection ${String(id)}`, quality });
    }
  }
  if (looks.length === 0) {
    throw new UsageError(`track ${String(trackId)} has no crop that is high enough and can still be read`, { code: 'no_crop' });
  }
  return looks.sort((a, b) => b.quality - a.quality).slice(0, MAX_CROPS);
}

function choosePerson(eventId: number, people: readonly { id: number }[], wanted: number | undefined): number {
  const [first] = people;
  const ids = people.map(({ id }) => String(id)).join(', ');
  if (first === undefined) throw new UsageError(`event ${String(eventId)} does not exist or has no person`, { code: 'not_found' });
  if (wanted !== undefined && people.some(({ id }) => id === wanted)) return wanted;
  if (wanted !== undefined)
    throw new UsageError(`track ${String(wanted)} is no person of event ${String(eventId)}`, { hint: `there are ${ids}` });
  if (people.length === 1) return first.id;
  throw new UsageError(`there are several people in event ${String(eventId)}`, { hint: `say which with --track: ${ids}` });
}
