import type { Readable } from 'node:stream';

/** Settles at the end of the stream. Calls `onLine` for each line as it arrives; a longer line than `maxChars` is cut, so a log without line ends costs no memory. */
export function splitLines(stream: Readable, maxChars: number, onLine: (line: string) => void): Promise<void> {
  let rest = '';
  const take = (line: string): void => {
    onLine(line.slice(0, maxChars));
  };
  stream.setEncoding('latin1');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, maxChars);
    lines.forEach(take);
  });
  return new Promise((resolve) => {
    stream.once('close', () => {
      if (rest !== '') take(rest);
      resolve();
    });
    stream.on('error', () => undefined);
  });
}
