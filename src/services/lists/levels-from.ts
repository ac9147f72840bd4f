import { UsageError } from '../../errors/hs-error.ts';
import { nearestName } from '../../lib/nearest-name.ts';

/** A level and those more severe, in any case; `levels` from mild to severe. Throws a usage error for a level that does not exist. */
export function levelsFrom<Level extends string>(text: string, levels: readonly Level[]): Level[] {
  const lowest = levels.findIndex((level) => level === text.toLowerCase());
  if (lowest !== -1) return levels.slice(lowest);
  const meant = nearestName(text, levels);
  const hint = `${meant === undefined ? '' : `did you mean ${meant}? `}use one of ${levels.join(', ')}`;
  throw new UsageError(`--level ${JSON.stringify(text)} is not a level`, { hint });
}
