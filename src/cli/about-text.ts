import { formatBytes } from '../lib/format-bytes.ts';

type Estimate = { likely: number; low: number | null; high: number | null };

const STEPS = [
  { unit: 's', seconds: 1, until: 90 },
  { unit: 'min', seconds: 60, until: 90 * 60 },
  { unit: 'h', seconds: 3_600, until: 48 * 3_600 },
  { unit: 'd', seconds: 86_400, until: Infinity },
];

/** `18 min`, `2.3 h`: two digits, as estimates have no more. */
export function aboutDuration(seconds: number): string {
  const step = STEPS.find(({ until }) => seconds < until) ?? STEPS[0];
  return step === undefined ? '' : `${aboutNumber(seconds / step.seconds)} ${step.unit}`;
}

/** Two digits: `0.35`, `1.4`, `12`, `1200`. */
export function aboutNumber(value: number): string {
  return String(Number(value.toPrecision(2)));
}

export function aboutBytes(bytes: number): string {
  return formatBytes(Number(bytes.toPrecision(2)));
}

/** `about 18 min (15 min to 24 min)`; without an interval where none is known. */
export function aboutText({ likely, low, high }: Estimate, text: (value: number) => string): string {
  const interval = low === null || high === null ? 'too little was measured to say how far off' : `${text(low)} to ${text(high)}`;
  return `about ${text(likely)} (${interval})`;
}
