import { displayWidth } from './display-width.ts';
import type { Terminal } from './terminal.ts';
import { visibleText } from './visible-text.ts';

type LogLine = { timestamp: Date; level: string; message: string; component?: string; camera_id?: string | null };

const LEVEL_STYLES = { warning: 'yellow', error: 'red', critical: 'red' } as const;
const LONGEST_LEVEL = 'CRITICAL'.length;

/** One line of a log for people: UTC time, level, where it comes from, what it says. Nothing is cut. */
export function logLine({ timestamp, level, message, component, camera_id: camera }: LogLine, terminal: Terminal): string {
  const name = level.toUpperCase();
  const style = LEVEL_STYLES[level as keyof typeof LEVEL_STYLES] as (typeof LEVEL_STYLES)[keyof typeof LEVEL_STYLES] | undefined;
  const shown = style === undefined ? name : terminal.style(style, name);
  const spaces = ' '.repeat(Math.max(0, LONGEST_LEVEL - displayWidth(name)));
  const origin = [component, camera]
    .filter((part) => part !== undefined && part !== null && part !== '')
    .map((part) => visibleText(String(part)));
  const from = origin.length === 0 ? '' : `${origin.join(' ')}: `;
  return `${timestamp.toISOString()}  ${shown}${spaces}  ${from}${visibleText(message)}`;
}
