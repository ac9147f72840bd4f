import { createHash } from 'node:crypto';
import { redact } from '../lib/redact.ts';
import type { Settings } from './settings.ts';

/** SHA-256 (hex) of the effective configuration without secrets; the order of keys does not matter. */
export function settingsFingerprint(settings: Settings): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(redact(settings))))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
