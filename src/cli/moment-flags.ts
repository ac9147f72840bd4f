import { Errors, Flags } from '@oclif/core';
import { UsageError } from '../errors/hs-error.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A length of time such as `90m`, `1h30m` or `45s`; the value is in ms. */
export function durationFlag(summary: string) {
  return Flags.custom<number>({ summary, helpValue: 'TIME', parse: asFlagParser(toDurationMs) })();
}

/** What rules about footage take for now. */
export function asOfFlag(summary: string) {
  return Flags.string({ summary: `${summary} ISO 8601, 7d before that, or now.`, helpValue: 'TIME' });
}

/** A time of day, `HH:MM`. */
export function clockFlag(summary: string) {
  return Flags.custom<{ hour: number; minute: number }>({
    summary,
    helpValue: 'HH:MM',
    parse: asFlagParser(toClock),
  })();
}

/** oclif writes into the message of an error that leaves a flag's parser; only of its own kind is that undone when it is shown. */
export function asFlagParser<Value>(read: (text: string) => Value): (text: string) => Promise<Value> {
  return (text) => {
    try {
      return Promise.resolve(read(text));
    } catch (error) {
      return Promise.reject(new Errors.CLIError(error instanceof Error ? error.message : String(error)));
    }
  };
}

export function toDurationMs(text: string): number {
  const isDuration = /^(\d+(?:\.\d+)?[smhd])+$/i.test(text);
  const parts = isDuration ? [...text.toLowerCase().matchAll(/(\d+(?:\.\d+)?)([smhd])/g)] : [];
  const durationMs = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ''] ?? 0), 0);
  if (durationMs <= 0) throw new UsageError(`${JSON.stringify(text)} is not a length of time such as 90m, 1h30m or 45s`);
  return Math.round(durationMs);
}

export function toClock(text: string): { hour: number; minute: number } {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour === undefined) throw new UsageError(`${JSON.stringify(text)} is not a time of day such as 06:00`);
  return { hour: Number(hour), minute: Number(minute) };
}
