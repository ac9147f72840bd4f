/** "1 file", "2 files": the noun is given in the singular, its plural is made with s. */
export function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
