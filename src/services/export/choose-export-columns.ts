import { UsageError } from '../../errors/hs-error.ts';
import { nearestName } from '../../lib/nearest-name.ts';

/** The columns asked for, in that order, or all. Throws a usage error for one that does not exist or is named twice. */
export function chooseExportColumns(known: readonly string[], wanted: readonly string[] | undefined): readonly string[] {
  if (wanted === undefined || wanted.length === 0) return known;
  for (const [index, name] of wanted.entries()) {
    if (wanted.indexOf(name) !== index) throw new UsageError(`--columns names ${JSON.stringify(name)} twice`);
    if (known.includes(name)) continue;
    const meant = nearestName(name, known);
    throw new UsageError(`--columns: there is no column ${JSON.stringify(name)}`, {
      hint: `${meant === undefined ? '' : `did you mean ${meant}? `}known columns: ${known.join(', ')}`,
    });
  }
  return wanted;
}
