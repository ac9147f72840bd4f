import type { Knex } from 'knex';

import { HsError } from '../../errors/hs-error.ts';
import { recordSettingChange, type SettingChange } from './record-setting-change.ts';

type ApplySettingOptions = {
  /** Asked for when the database is there: who does it may be a setting. */
  change: () => SettingChange;
  apply: () => Promise<void>;
  /** Hands over the database; throws HsError where none can be reached. */
  reach: (use: (knex: Knex) => Promise<void>) => Promise<void>;
};

/** Makes a change of the configuration and its audit row one act. Where no database can be reached just the change; the reason is returned. */
export async function applySettingChange({ change, apply, reach }: ApplySettingOptions): Promise<string | undefined> {
  const database = { isReached: false };
  try {
    await reach((knex) => {
      database.isReached = true;
      return recordSettingChange(knex, change(), apply);
    });
    return undefined;
  } catch (error) {
    if (database.isReached || !(error instanceof HsError)) throw error;
    await apply();
    return error.message;
  }
}
