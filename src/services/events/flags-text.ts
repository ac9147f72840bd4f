/** `night_presence (warning): person at 03:00; …`; null without flags. Other programs may have stored others. */
export function flagsText(flags: readonly unknown[]): string | null {
  const texts = flags.flatMap((flag) => {
    if (typeof flag !== 'object' || flag === null) return [];
    const { type, severity, description } = flag as Readonly<Record<string, unknown>>;
    return typeof type === 'string' ? [`${type} (${textOf(severity)}): ${textOf(description)}`] : [];
  });
  return texts.length === 0 ? null : texts.join('; ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
