import type { Knex } from 'knex';
import { listCameraNames } from '../../db/queries/cameras.ts';
import { listLoggedCameras, type LogFilter } from '../../db/queries/logs.ts';
import { APP_LOG_LEVELS } from '../../domain/enums.ts';
import { levelsFrom } from '../lists/levels-from.ts';
import { matchCameras } from '../lists/match-names.ts';
import { resolveWallSpan, type WallSpan } from '../lists/resolve-wall-span.ts';

/** What part of the application log is meant, as the user gave it. */
export type LogScope = WallSpan & {
  /** Lines of this level and those more severe. */
  level?: string | undefined;
  components?: readonly string[] | undefined;
  /** Ids or names, `*` and `?` allowed; also of cameras that are gone. */
  cameras?: readonly string[] | undefined;
  runId?: string | undefined;
};

/** Throws a usage error for a level, a time or a camera that is none. */
export async function resolveLogScope(knex: Knex, { level, cameras, components, runId, ...span }: LogScope): Promise<LogFilter> {
  return {
    ...(await resolveWallSpan(knex, span)),
    components,
    runId,
    ...(level === undefined ? {} : { levels: levelsFrom(level, APP_LOG_LEVELS) }),
    ...(cameras === undefined ? {} : { cameraIds: matchCameras(await namedCameras(knex), cameras) }),
  };
}

async function namedCameras(knex: Knex): Promise<{ id: string; name: string }[]> {
  const cameras = await listCameraNames(knex);
  const known = new Set(cameras.map(({ id }) => id));
  const gone = (await listLoggedCameras(knex)).filter((id) => !known.has(id));
  return [...cameras.map(({ id, name }) => ({ id, name })), ...gone.map((id) => ({ id, name: id }))];
}
