const collator = new Intl.Collator('en', { numeric: true });

/** `cam2` before `cam10`; names that differ only in ways collation does not see are ordered by code unit, so the order is total. */
export function compareNatural(a: string, b: string): number {
  const order = collator.compare(a, b);
  if (order !== 0) return order;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
