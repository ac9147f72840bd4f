import type { DetectionListRow } from '../../db/queries/detections.ts';
import type { DrawnBox } from '../../media/drawing/zone-overlay.ts';
import { toPlaced } from './camera-zones.ts';

/** A detection as it is drawn, with its class and confidence; none for a row without a box. */
export function toSeenBox(row: DetectionListRow): DrawnBox[] {
  const placed = toPlaced(row);
  if (placed === undefined) return [];
  const { box, picture, label } = placed;
  const shares = {
    x: box.x / picture.width,
    y: box.y / picture.height,
    width: box.width / picture.width,
    height: box.height / picture.height,
  };
  return [{ label: `${label} ${(row.confidence ?? 0).toFixed(2)}`, ...shares, style: row.is_static === true ? 'standing' : 'seen' }];
}
