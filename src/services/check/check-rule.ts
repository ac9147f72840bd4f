import type { FindBroken, Repair } from '../../db/queries/check/broken.ts';

/** E: data are wrong · W: worth a look · I: good to know, nothing is amiss. */
export type CheckSeverity = 'E' | 'W' | 'I';

/** `deep`: reads whole tables of detections or vectors · `files`: looks at the disk. */
export type CheckEffort = 'deep' | 'files';

/** Something that must hold in the store. */
export type CheckRule = {
  id: string;
  severity: CheckSeverity;
  /** What holds, as a sentence. */
  title: string;
  why: string;
  /** Looked at only when asked for. */
  effort?: CheckEffort;
  /** Only the newest month of footage is looked at, unless all of it is asked for. */
  isBounded?: true;
  find: FindBroken;
  /** `does` completes "--fix …". */
  fix?: { does: string; run: Repair };
};
