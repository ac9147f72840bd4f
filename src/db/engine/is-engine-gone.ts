/** undefined_table, invalid_schema_name, undefined_function, undefined_object */
const MISSING = new Set(['42P01', '3F000', '42883', '42704']);

/** Whether an error says that the engine's tables are not there: its schema was dropped, or its queues emptied. */
export function isEngineGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (typeof code === 'string' && MISSING.has(code)) || /^Queue .* (does not exist|not found)/i.test(error.message);
}
