import type { ListedEntry } from '../../exporters/zip/list-zip.ts';
import { closingNames, SAFE_PATH, type BundleManifest } from './bundle-format.ts';

/** One thing that is not as the bundle says; `path` is of an entry, as its maker wrote it. */
export type Finding = { code: string; path: string | null; message: string };

/** Whether exactly the files that the manifest names are there, each once, of its size, in its place and as it is. */
export function checkNames(listed: readonly ListedEntry[], manifest: BundleManifest): Finding[] {
  const sizes = new Map(manifest.files.map((file) => [file.path, file.size_bytes]));
  const names = [...manifest.files.map((file) => file.path), ...closingNames(manifest)];
  const [known, seen] = [new Set(names), new Set<string>()];
  const findings: Finding[] = repeatedIn(names).map((name) => ({
    code: 'manifest',
    path: name,
    message: `the manifest names ${name} twice`,
  }));
  for (const entry of listed) {
    findings.push(...checkEntry(entry, { known, seen, sizes }));
    seen.add(entry.name);
  }
  const gone = names.filter((name) => !seen.has(name));
  findings.push(...gone.map((name) => ({ code: 'removed', path: name, message: `${name} was removed` })));
  return findings.length === 0 ? checkOrder(listed, names) : findings;
}

function repeatedIn(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.filter((name) => seen.size === seen.add(name).size);
}

type Context = {
  /** Names that the manifest has, and that came before. */
  known: ReadonlySet<string>;
  seen: ReadonlySet<string>;
  sizes: ReadonlyMap<string, number>;
};

function checkEntry({ name, size, isStored }: ListedEntry, { known, seen, sizes }: Context): Finding[] {
  const found = (code: string, message: string): Finding[] => [{ code, path: name, message: `${JSON.stringify(name)} ${message}` }];
  if (!SAFE_PATH.test(name)) return found('unsafe', 'has a name that no file of a bundle has: do not unpack it');
  if (seen.has(name)) return found('twice', 'is in it twice');
  if (!known.has(name)) return found('added', 'was added');
  if (!isStored) return found('packed', 'is compressed or encrypted, which no file of a bundle is');
  const expected = sizes.get(name);
  if (expected !== undefined && size !== expected)
    return found('changed', `was changed: it has ${String(size)} bytes instead of ${String(expected)}`);
  return [];
}

function checkOrder(listed: readonly ListedEntry[], names: readonly string[]): Finding[] {
  const first = listed.find(({ name }, index) => name !== names[index]);
  if (first === undefined) return [];
  return [{ code: 'order', path: first.name, message: `${first.name} is not in its place: files were put in another order` }];
}
