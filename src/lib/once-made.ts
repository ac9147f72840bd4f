/** Makes a value when it is asked for, and once. */
export function onceMade<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
