/** The name of a file as two programs can agree on it: one kind of slash, one kind of accents, no `.` steps. */
export function entryKey(name: string): string {
  const parts = name.normalize('NFC').replaceAll('\\', '/').split('/');
  const [root = ''] = parts;
  return [...(root === '' ? [''] : []), ...parts.filter((part) => part !== '' && part !== '.')].join('/');
}

/** Where upper and lower case are the same, as on the systems that many documents come from. */
export function foldedKey(key: string): string {
  return key.toLowerCase();
}
