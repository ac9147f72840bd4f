import type { Knex } from 'knex';

import { findSummary } from '../../db/models/summaries.ts';
import { UsageError } from '../../errors/hs-error.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { siteZone } from './site-zone.ts';
import { toSummaryRecord, type SummaryRecord } from './summary-record.ts';

/** Throws a usage error when there is no such summary. */
export async function showSummary(knex: Knex, id: number, zones: ZoneSettings): Promise<SummaryRecord> {
  const row = await findSummary(knex, id);
  if (row === undefined) {
    throw new UsageError(`there is no summary ${id}`, { code: 'not_found', hint: '`hs summaries list` shows the ids there are' });
  }
  return toSummaryRecord(row, await siteZone(knex, zones));
}
