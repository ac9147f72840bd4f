/** Sets variables of this process (undefined: takes them away) and returns what puts them back. */
export function useVariables(variables: Readonly<Record<string, string | undefined>>): () => void {
  const earlier = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  };
  for (const [name, value] of Object.entries(variables)) set(name, value);
  return () => {
    for (const [name, value] of earlier) set(name, value);
  };
}
