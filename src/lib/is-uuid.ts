const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether PostgreSQL takes the text as a uuid in the usual spelling. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
