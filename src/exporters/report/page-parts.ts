import { markup, type Html } from './markup.ts';
import type { Listed, ReportLevel } from './report-data.ts';
import { LEVEL_WORDS, localWords } from './report-words.ts';

/** A local time with its offset; programs read the instant. */
export function timeHtml(at: Date, local: string): Html {
  return markup`<time datetime="${at.toISOString()}">${localWords(local)}</time>`;
}

/** A name from anywhere, which must not change the direction of what stands around it. */
export function nameHtml(name: string): Html {
  return markup`<bdi>${name}</bdi>`;
}

/** A level as a word and, for those who see it, a colour. */
export function levelHtml(level: ReportLevel, score?: number | null): Html {
  return markup`<span class="level ${level}">${LEVEL_WORDS[level]}${score === undefined || score === null ? '' : ` ${score}`}</span>`;
}

/** Says how many more there are, and what lists them. */
export function restHtml({ total, items }: Listed<unknown>, command: string): Html | undefined {
  const rest = total - items.length;
  if (rest <= 0) return undefined;
  return markup`<p class="quiet small">${rest} more: <code>${command}</code></p>`;
}
