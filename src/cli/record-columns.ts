import { plainText, type CellValue, type Column } from './column.ts';

/**
 * Columns for records whose keys are the column names; the defaults first. Times are UTC with milliseconds in data; people
 * see the `<column>_local` text of the record instead where it has one.
 */
export function recordColumns<Key extends string>(
  keys: readonly Key[],
  defaults: readonly Key[],
): Column<Readonly<Record<Key, CellValue>>>[] {
  const ordered = [...defaults, ...keys.filter((key) => !defaults.includes(key))];
  return ordered.map((key) => {
    const local = keys.find((other) => other === `${key}_local`);
    return {
      key,
      value: (record) => record[key],
      ...(local === undefined ? {} : { format: (record) => plainText(record[local]) }),
      ...(key.endsWith('path') ? { cutAtStart: true } : {}),
      ...(defaults.includes(key) ? {} : { isExtra: true }),
    };
  });
}
