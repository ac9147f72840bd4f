import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { findFeedbackOf, saveEventFeedback, type EventFeedbackRow } from '../../db/models/event-feedback.ts';
import { lockCalibrations } from '../../db/models/user-calibration.ts';
import { lockJudgedEvents, type JudgedEvent } from '../../db/queries/feedback.ts';
import type { FeedbackType, Severity } from '../../domain/enums.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { refreshCalibrations } from '../calibration/refresh-calibrations.ts';
import { noSuchEvent } from '../events/review-event.ts';
import { inTransaction } from '../lists/in-transaction.ts';

export type Verdict = { type: FeedbackType; expected?: Severity | undefined; note?: string | undefined };

export type GiveFeedbackOptions = { ids: readonly number[]; verdict: Verdict; userId: string; actor: string; dryRun: boolean };

/** What was said about an event, and what it took the place of. */
export type GivenFeedback = {
  event_id: number;
  camera_id: string;
  feedback_type: FeedbackType;
  expected_severity: Severity | null;
  score_at_feedback: number | null;
  replaced: FeedbackType | null;
};

/** Stores what somebody says about events, on all of them or on none; what was said before is replaced (§10.6). */
export async function giveFeedback(knex: Knex, options: GiveFeedbackOptions): Promise<GivenFeedback[]> {
  const verdict = checkedVerdict(options.verdict);
  const ids = [...new Set(options.ids)];
  return inTransaction(knex, options, async (trx) => {
    const events = await lockJudgedEvents(trx, ids);
    const missing = ids.filter((id) => !events.some((event) => event.id === id));
    if (missing.length > 0) throw noSuchEvent(missing);
    await lockCalibrations(trx);
    const before = new Map((await findFeedbackOf(trx, ids)).map((row) => [row.event_id, row]));
    const given: GivenFeedback[] = [];
    for (const event of events) given.push(await judge(trx, event, { ...options, verdict, before: before.get(event.id) }));
    const userIds = [options.userId, ...[...before.values()].map((row) => row.user_id)];
    await refreshCalibrations(trx, { userIds, cameraIds: events.map((event) => event.camera_id) });
    return given;
  });
}

function checkedVerdict({ type, expected, note }: Verdict): Verdict {
  if (type === 'severity_wrong' && expected === undefined) {
    throw new UsageError('severity_wrong needs the level that the event should have had', {
      hint: 'give --expected low, medium, high or critical',
    });
  }
  if (type !== 'severity_wrong' && expected !== undefined) {
    throw new UsageError(`--expected is for --type severity_wrong, not for ${type}`);
  }
  if (note?.includes('\0') === true) throw new UsageError('the note holds a NUL character');
  return { type, expected, note: note?.trim() };
}

type Judgement = Pick<GiveFeedbackOptions, 'userId' | 'actor' | 'verdict'> & { before: EventFeedbackRow | undefined };

async function judge(trx: Knex.Transaction, event: JudgedEvent, { verdict, userId, actor, before }: Judgement): Promise<GivenFeedback> {
  const row = await saveEventFeedback(trx, {
    event_id: event.id,
    feedback_type: verdict.type,
    expected_severity: verdict.expected ?? null,
    notes: verdict.note === undefined || verdict.note === '' ? null : verdict.note,
    score_at_feedback: event.risk_score,
    risk_source: event.risk_source,
    prompt_version: event.prompt_version,
    user_id: userId,
  });
  const { feedback_type, expected_severity, score_at_feedback } = row;
  const feedback = { feedback_type, expected_severity, score_at_feedback, notes: row.notes, user_id: userId };
  await insertAuditLog(trx, {
    action: feedback_type === 'false_positive' ? 'event_dismissed' : 'settings_changed',
    resource_type: 'event_feedback',
    resource_id: String(event.id),
    actor,
    details: { feedback, replaced: before === undefined ? null : auditedFeedback(before) },
  });
  const replaced = before?.feedback_type ?? null;
  return { event_id: event.id, camera_id: event.camera_id, feedback_type, expected_severity, score_at_feedback, replaced };
}

/** What the audit log keeps of feedback that goes. */
export function auditedFeedback(row: EventFeedbackRow): object {
  const { feedback_type, expected_severity, score_at_feedback, notes, user_id, created_at } = row;
  return { feedback_type, expected_severity, score_at_feedback, notes, user_id, created_at };
}
