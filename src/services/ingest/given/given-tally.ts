import type { RefusalReason } from '../../../importers/boxes/given-record.ts';

export type LeftOutReason = RefusalReason | 'below_floor' | 'outside' | 'too_many';

/** What a document of detections held and what of it was not taken. */
export type GivenTally = {
  document: string;
  entries: number;
  boxes: number;
  /** Boxes, and entries without a name, by the reason. */
  leftOut: Partial<Record<LeftOutReason, number>>;
  /** Boxes of classes that `detector.classes` leaves out. */
  otherClasses: Record<string, number>;
  /** The score from which on its detector is usually believed, where the document says so. */
  typicalScore?: number | undefined;
  /** Entries that no listed file goes by; undefined where not everything was listed. */
  unlisted?: { count: number; example: string | null } | undefined;
};

export function countLeftOut(tally: GivenTally, reason: LeftOutReason, count = 1): void {
  if (count > 0) tally.leftOut[reason] = (tally.leftOut[reason] ?? 0) + count;
}
