/**
 * A test for paths relative to a root, `/` as separator, letters without regard to case.
 * `*` is any run without `/`, `?` one character without `/`, `**` any number of path parts. A pattern without `/` is
 * compared with the last part of the path (`*.jpg`, `garage`), one with `/` with the whole path.
 */
export function pathMatcher(pattern: string): (relativePath: string) => boolean {
  const wanted = pattern.replace(/^\.?\/+/, '').replace(/\/+$/, '');
  const source = wanted.split('/').map(partSource).join('');
  const prefix = pattern.includes('/') ? '' : '(?:.*/)?';
  const matcher = new RegExp(`^${prefix}${source.replace(/\/$/, '')}$`, 'isu');
  return (relativePath) => matcher.test(relativePath);
}

function partSource(part: string, index: number, parts: readonly string[]): string {
  const isLast = index === parts.length - 1;
  if (part === '**') return isLast ? '.*' : '(?:.*/)?';
  const source = part
    .replace(/[\\^$.|+()[\]{}/]/gu, '\\$&')
    // Runs of stars are one: `a**b` would backtrack for nothing.
    .replace(/\*+/gu, '[^/]*')
    .replace(/\?/gu, '[^/]');
  return isLast ? source : `${source}/`;
}
