import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { deleteEventFeedback, findFeedbackOf, type EventFeedbackRow } from '../../db/models/event-feedback.ts';
import { lockCalibrations } from '../../db/models/user-calibration.ts';
import { lockJudgedEvents } from '../../db/queries/feedback.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { refreshCalibrations } from '../calibration/refresh-calibrations.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { auditedFeedback } from './give-feedback.ts';

export type DeleteFeedbackOptions = { ids: readonly number[]; actor: string; dryRun: boolean };

export type DeletedFeedback = Pick<EventFeedbackRow, 'event_id' | 'feedback_type' | 'expected_severity' | 'score_at_feedback' | 'notes'>;

/** Takes back what was said about events, of all of them or of none. Throws a usage error for an event about which nothing was said. */
export async function deleteFeedback(knex: Knex, options: DeleteFeedbackOptions): Promise<DeletedFeedback[]> {
  const ids = [...new Set(options.ids)];
  return inTransaction(knex, options, async (trx) => {
    const events = await lockJudgedEvents(trx, ids);
    await lockCalibrations(trx);
    const rows = await findFeedbackOf(trx, ids);
    const missing = ids.filter((id) => !rows.some((row) => row.event_id === id));
    if (missing.length > 0) throw noFeedback(missing);
    await deleteEventFeedback(trx, ids);
    for (const row of rows) await auditDeletion(trx, row, options.actor);
    await refreshCalibrations(trx, {
      userIds: rows.map((row) => row.user_id),
      cameraIds: events.map((event) => event.camera_id),
    });
    return rows.map(({ event_id, feedback_type, expected_severity, score_at_feedback, notes }) => {
      return { event_id, feedback_type, expected_severity, score_at_feedback, notes };
    });
  });
}

async function auditDeletion(trx: Knex.Transaction, row: EventFeedbackRow, actor: string): Promise<void> {
  await insertAuditLog(trx, {
    action: 'settings_changed',
    resource_type: 'event_feedback',
    resource_id: String(row.event_id),
    actor,
    details: { deleted: auditedFeedback(row) },
  });
}

function noFeedback(ids: readonly number[]): UsageError {
  return new UsageError(`there is no feedback on ${ids.length === 1 ? 'event' : 'the events'} ${ids.join(', ')}`, {
    code: 'not_found',
    hint: '`hs feedback list` shows what there is',
  });
}
