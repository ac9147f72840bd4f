import type { ZoneAnchor, ZonePurpose } from '../enums.ts';

/** A corner: parts of the picture's width and height, 0–1, as stored. */
export type ZonePoint = readonly [x: number, y: number];

/** A region of one camera's picture. `classes` names labels or class groups; null stands for all. */
export type Zone = {
  id: string;
  coordinates: readonly ZonePoint[];
  enabled: boolean;
  priority: number;
  purpose: ZonePurpose;
  anchor: ZoneAnchor;
  classes: readonly string[] | null;
};
