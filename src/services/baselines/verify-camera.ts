import type { Knex } from 'knex';

import { findBaselineState } from '../../db/models/baseline-states.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import type { BaselineCamera } from './baseline-camera.ts';
import { rebuildCamera } from './rebuild-camera.ts';

/** How what is stored of a camera differs from a rebuild, in rows. */
export type Verification = {
  camera_id: string;
  as_of: Date | null;
  identical: boolean;
  different_hours: number;
  different_slots: number;
  different_events: number;
  as_of_local: string | null;
};

/** A rebuild writes only what is not the same to the last bit: one that is taken back tells whether anything is. */
export async function verifyCamera(knex: Knex, camera: BaselineCamera): Promise<Verification> {
  return inTransaction(knex, { dryRun: true }, async (trx) => {
    const state = await findBaselineState(trx, camera.id);
    const { changed_hours, changed_slots, changed_events, as_of, as_of_local } = await rebuildCamera(trx, camera, asStored(state?.as_of));
    return {
      camera_id: camera.id,
      as_of,
      identical: changed_hours + changed_slots + changed_events === 0,
      different_hours: changed_hours,
      different_slots: changed_slots,
      different_events: changed_events,
      as_of_local,
    };
  });
}

function asStored(asOf: Date | null | undefined): { asOfMs?: number } {
  return asOf ? { asOfMs: asOf.getTime() } : {};
}
