import type { HourSpan } from '../../db/models/activity-hours.ts';
import { DAY_MS } from '../../domain/coverage/local-hours.ts';

/** How far back baselines and scores look. */
export const WINDOW_MS = 30 * DAY_MS;

/** The 30 × 24 h before an instant. */
export function windowBefore(cameraId: string, asOfMs: number): HourSpan {
  return { cameraId, from: new Date(asOfMs - WINDOW_MS), until: new Date(asOfMs) };
}
