import { UsageError } from '../../errors/hs-error.ts';
import { nearestName } from '../../lib/nearest-name.ts';

type Named = { id: number | string; name: string };

type FindNamedOptions<Row> = {
  /** Kind of thing for the errors, e.g. `property`. */
  what: string;
  /** Command that lists them. */
  listCommand: string;
  /** Tells things of the same name apart in the errors. */
  describe?: (row: Row) => string;
};

const NAMES_SHOWN = 8;

/** The one row of that name, or of that id when nothing is called so. Throws a usage error for none and for several. */
export function findNamed<Row extends Named>(rows: readonly Row[], text: string, options: FindNamedOptions<Row>): Row {
  const sameName = rows.filter(({ name }) => name === text);
  const found = sameName.length > 0 ? sameName : rows.filter(({ id }) => String(id) === text);
  const [only] = found;
  if (only === undefined) throw noneNamed(rows, text, options);
  if (found.length === 1) return only;
  const each = found.map((row) => `${String(row.id)} (${options.describe?.(row) ?? row.name})`).join(', ');
  throw new UsageError(`several have the name ${JSON.stringify(text)}`, { code: 'ambiguous_name', hint: `give the id: ${each}` });
}

function noneNamed<Row extends Named>(rows: readonly Row[], text: string, { what, listCommand }: FindNamedOptions<Row>): UsageError {
  const names = rows.map(({ name }) => name);
  const meant = nearestName(text, names);
  const known = `known: ${names.slice(0, NAMES_SHOWN).join(', ')}${names.length > NAMES_SHOWN ? `, … (\`${listCommand}\` lists them)` : ''}`;
  const hint = names.length === 0 ? `there is none yet: \`${listCommand.replace(' list', ' add')}\` makes one` : known;
  return new UsageError(`there is no ${what} ${JSON.stringify(text)}`, {
    code: 'not_found',
    hint: meant === undefined ? hint : `did you mean ${meant}?`,
  });
}
