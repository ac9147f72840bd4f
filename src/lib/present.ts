type Present<T> = { [Key in keyof T]?: NonNullable<T[Key]> };

/** The properties that have a value: null and undefined are left out, as optional properties want it. */
export function present<T extends object>(object: T): Present<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value !== undefined)) as Present<T>;
}

type Nulled<T> = { [Key in keyof T]-?: Exclude<T[Key], undefined> | null };

/** All properties, null where a value is missing, as columns want it. */
export function nullIfMissing<T extends object>(object: T): Nulled<T> {
  return Object.fromEntries(Object.entries(object).map(([key, value]: [string, unknown]) => [key, value ?? null])) as Nulled<T>;
}
