import { UsageError } from '../../errors/hs-error.ts';

/** Whether a text matches a pattern in which `*` is any run and `?` one character; letters without regard to case. */
export function matchesGlob(pattern: string, text: string): boolean {
  const source = pattern
    .normalize('NFC')
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 'isu').test(text.normalize('NFC'));
}

/**
 * Ids of the cameras that the patterns name, by id or display name, in the order of `cameras`.
 * A pattern that names none is an error, so that a misspelt camera never looks like a quiet one.
 */
export function matchCameras(cameras: readonly { id: string; name: string }[], patterns: readonly string[]): string[] {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const matching = cameras.filter(({ id, name }) => matchesGlob(pattern, id) || matchesGlob(pattern, name));
    if (matching.length === 0) throw noSuchCamera(pattern, cameras);
    for (const camera of matching) found.add(camera.id);
  }
  return cameras.map(({ id }) => id).filter((id) => found.has(id));
}

const NAMES_SHOWN = 8;

/** The error for a camera nobody knows; names those that exist. */
export function noSuchCamera(name: string, cameras: readonly { id: string }[]): UsageError {
  const ids = cameras.slice(0, NAMES_SHOWN).map(({ id }) => id);
  const more = cameras.length > NAMES_SHOWN ? `, … (${String(cameras.length)} in all)` : '';
  const hint =
    ids.length === 0
      ? 'there is no camera yet: `hs ingest FOLDER` or `hs cameras add` makes one'
      : `known cameras: ${ids.join(', ')}${more}`;
  return new UsageError(`no camera matches "${name}"`, { code: 'camera_unknown', hint });
}
