/** Needs no quoting in a shell or a unit file. */
const PLAIN = /^[A-Za-z0-9_@.,:/=+-]+$/;

/**
 * A command for a line of a crontab: words quoted for /bin/sh, and `%`, which cron takes for a line break, escaped. Undefined where a word
 * has a line break or NUL, which no crontab can hold.
 */
export function crontabCommand(words: readonly string[]): string | undefined {
  if (words.some((word) => /[\n\r\0]/.test(word))) return undefined;
  return words.map(shellWord).join(' ').replaceAll('%', '\\%');
}

/** One word for a POSIX shell. */
export function shellWord(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command for ExecStart= of systemd: specifiers and variables are taken for what they say. */
export function systemdCommand(words: readonly string[]): string {
  return words.map(systemdWord).join(' ');
}

function systemdWord(word: string): string {
  if (PLAIN.test(word)) return word;
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    .replaceAll('$', '$$$$')
    .replace(/[\x01-\x1f\x7f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `"${escaped}"`;
}

/** Text for a value such as Description=, which has specifiers and ends with its line. */
export function systemdText(text: string): string {
  return text
    .replace(/[\x00-\x1f\x7f]+/g, ' ')
    .replaceAll('%', '%%')
    .replace(/\\+$/, '')
    .trim();
}
