/**
 * A value of one exported field. A missing value is `null` (an empty cell); `Date` is written as UTC with milliseconds;
 * a list becomes one `; `-separated cell in CSV and an array in JSON. Numbers must be finite.
 */
export type ExportValue = string | number | boolean | Date | readonly string[] | readonly number[] | null;

/** One exported row: exactly the keys of the export's columns, in their order. */
export type ExportRecord = Readonly<Record<string, ExportValue>>;
