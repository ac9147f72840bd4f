import type { Knex } from 'knex';

import { deleteEventFeedback, findFeedbackOf, moveEventFeedback, type EventFeedbackRow } from '../../db/models/event-feedback.ts';
import { addEventNote } from '../../db/models/events.ts';
import { lockCalibrations } from '../../db/models/user-calibration.ts';
import { lockJudgedEvents } from '../../db/queries/feedback.ts';
import { refreshCalibrations } from '../calibration/refresh-calibrations.ts';

/** Before one event is absorbed by another: the newest feedback of the two stays with the other, an older one becomes a note of it (§6.3). */
export async function absorbFeedback(trx: Knex.Transaction, { from, into }: { from: number; into: number }): Promise<void> {
  const rows = await findFeedbackOf(trx, [from, into]);
  const [newest, older] = rows.toSorted((a, b) => b.created_at.getTime() - a.created_at.getTime() || b.id - a.id);
  if (newest !== undefined && older !== undefined) await writeIntoNotes(trx, older, into);
  if (newest?.event_id === from) await moveEventFeedback(trx, { from, into });
}

async function writeIntoNotes(trx: Knex.Transaction, feedback: EventFeedbackRow, into: number): Promise<void> {
  const cameraIds = (await lockJudgedEvents(trx, [into])).map((event) => event.camera_id);
  await lockCalibrations(trx);
  await deleteEventFeedback(trx, [feedback.event_id]);
  await addEventNote(trx, into, feedbackLine(feedback));
  await refreshCalibrations(trx, { userIds: [feedback.user_id], cameraIds });
}

function feedbackLine({ created_at, feedback_type, expected_severity, score_at_feedback, notes }: EventFeedbackRow): string {
  const expected = expected_severity === null ? '' : `, expected ${expected_severity}`;
  const score = score_at_feedback === null ? '' : `, score ${score_at_feedback}`;
  return `[${created_at.toISOString()}] feedback ${feedback_type}${expected}${score}${notes === null ? '' : `: ${notes}`}`;
}
