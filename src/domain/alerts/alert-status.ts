import type { AlertStatus } from '../enums.ts';

/** Where each status may be reached from; nothing leads back. */
export const ALERT_REACHED_FROM: Readonly<Record<Exclude<AlertStatus, 'pending'>, readonly AlertStatus[]>> = {
  delivered: ['pending'],
  acknowledged: ['pending', 'delivered'],
  dismissed: ['pending', 'delivered'],
};
