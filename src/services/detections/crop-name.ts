import type { DetectionRow } from '../../db/models/detections.ts';

const LONGEST_PART = 40;

/** `gate-20260114T081500.250Z-17-person.jpg`: what it shows, from which moment of footage. */
export function cropName(row: Pick<DetectionRow, 'id' | 'camera_id' | 'detected_at' | 'object_type'>, format: 'jpeg' | 'png'): string {
  const moment = row.detected_at.toISOString().replace(/[-:]/g, '');
  const parts = [fileSafe(row.camera_id, 'camera'), moment, String(row.id), fileSafe(row.object_type ?? '', 'object')];
  return `${parts.join('-')}.${format === 'png' ? 'png' : 'jpg'}`;
}

/** Letters and digits of any script; nothing that a path, a shell or a file system takes for something else. */
function fileSafe(text: string, otherwise: string): string {
  const safe = text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  return Array.from(safe).slice(0, LONGEST_PART).join('') || otherwise;
}
