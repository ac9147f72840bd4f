import type { Knex } from 'knex';
import type { ReviewedEvent } from '../../db/models/events.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { reviewEvent, type EventChange, type ReviewOptions } from './review-event.ts';

export type NoteEventOptions = ReviewOptions & {
  id: number;
  text: string;
  /** The text takes the place of what is there; otherwise it becomes another line. */
  replace: boolean;
};

/**
 * Writes notes on an event. A line is added to the notes as they are at that moment, so two writers lose nothing; notes that
 * exist are only replaced by somebody who says which version they read.
 */
export async function noteEvent(knex: Knex, options: NoteEventOptions): Promise<EventChange[]> {
  const text = options.text.trimEnd();
  if (text.includes('\0')) throw new UsageError('the note holds a NUL character');
  if (text === '' && !options.replace)
    throw new UsageError('the note is empty', { hint: 'with --replace an empty note removes the notes' });
  return reviewEvent(knex, { ...options, patchOf: (event) => ({ notes: newNotes(event, { ...options, text }) }) });
}

function newNotes({ id, version, notes }: ReviewedEvent, { text, replace, expect }: NoteEventOptions): string | null {
  if (!replace) return notes === null ? text : `${notes}\n${text}`;
  if (notes !== null && expect === undefined) {
    throw new UsageError(`event ${String(id)} has notes; replacing them needs the version that you read`, {
      code: 'expect_required',
      hint: `look at \`hs events show ${String(id)}\`, then give --expect ${String(version)}; without --replace a line is added`,
    });
  }
  return text === '' ? null : text;
}
