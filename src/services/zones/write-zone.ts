import type { Knex } from 'knex';
import { insertAuditLog, type NewAuditLog } from '../../db/models/audit-logs.ts';
import { markCameraForDerivation } from '../../db/models/derivation.ts';
import {
  deleteZone as deleteRow,
  insertZone,
  listZones,
  updateZone,
  type NewZone,
  type ZonePatch,
  type ZoneRow,
} from '../../db/models/zones.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { changedColumns, type ColumnChange } from '../lists/changed-columns.ts';

/** What a change of zones has to do with footage that is there: ids of cameras whose events it alters, and whose motion. */
export type ZoneEffect = { events: string[]; motion: string[] };

export const NO_EFFECT: ZoneEffect = { events: [], motion: [] };

/** Columns that say where and for what a zone holds. */
const RULES = new Set(['coordinates', 'enabled', 'purpose', 'anchor', 'classes']);

/** Adds a zone. The camera's derivation is locked by the caller. Throws a usage error for a name or id that is taken. */
export async function createZone(trx: Knex.Transaction, zone: NewZone, actor: string): Promise<{ row: ZoneRow; effect: ZoneEffect }> {
  await assertZoneNameIsFree(trx, zone.camera_id, zone.name);
  const row = await insertZone(trx, zone);
  if (row === undefined) {
    throw new UsageError(`there is a zone with the id ${zone.id ?? ''} already`, {
      code: 'zone_conflict',
      hint: `change it with: hs zones set ${zone.id ?? ''}`,
    });
  }
  await insertAuditLog(trx, { ...auditRow('zone_created', row, actor), details: { created: factsOf(row) } });
  return { row, effect: await markEffect(trx, [row]) };
}

/** Changes a zone that is locked, and says what really changed; nothing is written when nothing did. */
export async function changeZone(
  trx: Knex.Transaction,
  zone: ZoneRow,
  { patch, actor }: { patch: ZonePatch; actor: string },
): Promise<{ changes: ColumnChange[]; effect: ZoneEffect }> {
  const changes = changedColumns(zone, patch);
  if (changes.length === 0) return { changes, effect: NO_EFFECT };
  if (patch.name !== undefined && patch.name !== zone.name) await assertZoneNameIsFree(trx, zone.camera_id, patch.name);
  const after = await updateZone(trx, zone.id, patch);
  await insertAuditLog(trx, { ...auditRow('zone_updated', zone, actor), details: { changes } });
  const isRule = changes.some(({ column }) => RULES.has(column));
  return { changes, effect: isRule && after ? await markEffect(trx, [zone, after]) : NO_EFFECT };
}

/** Deletes a zone that is locked. */
export async function removeZone(trx: Knex.Transaction, zone: ZoneRow, actor: string): Promise<ZoneEffect> {
  await insertAuditLog(trx, { ...auditRow('zone_deleted', zone, actor), details: { deleted: factsOf(zone) } });
  await deleteRow(trx, zone.id);
  return markEffect(trx, [zone]);
}

/** Throws a usage error when the camera has a zone of that name already. */
async function assertZoneNameIsFree(trx: Knex.Transaction, cameraId: string, name: string): Promise<void> {
  const taken = (await listZones(trx, { cameraIds: [cameraId] })).find((zone) => zone.name === name);
  if (taken === undefined) return;
  throw new UsageError(`camera ${cameraId} has a zone ${JSON.stringify(name)} already`, {
    code: 'zone_conflict',
    hint: `change it with: hs zones set ${taken.id}`,
  });
}

/** Footage whose events a zone takes part in is marked, so that they are derived again. `versions`: before and after. */
async function markEffect(trx: Knex.Transaction, versions: readonly ZoneRow[]): Promise<ZoneEffect> {
  const inForce = versions.filter(({ enabled }) => enabled);
  const cameras = [...new Set(versions.map((zone) => zone.camera_id))];
  const hides = inForce.some(({ purpose }) => purpose === 'ignore');
  const masks = inForce.some(({ purpose, classes }) => purpose !== 'detect' && (classes?.includes('motion') ?? true));
  const marked: string[] = [];
  if (hides) for (const id of cameras) if ((await markCameraForDerivation(trx, id)) > 0) marked.push(id);
  return { events: marked, motion: masks ? cameras : [] };
}

function auditRow(action: NewAuditLog['action'], zone: ZoneRow, actor: string): NewAuditLog {
  return { action, resource_type: 'zone', resource_id: zone.id, actor };
}

function factsOf(zone: ZoneRow): Record<string, unknown> {
  return Object.fromEntries(Object.entries(zone).filter(([column]) => !column.endsWith('_at')));
}
