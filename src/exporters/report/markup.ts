import { escapeXml } from '../../lib/svg-text.ts';

/** Markup that is safe to put on a page. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** What may stand in a template; null and undefined are nothing. */
export type HtmlPart = Html | string | number | null | undefined | readonly HtmlPart[];

/** Markup with parts: every text is escaped, whatever it holds; only other markup is taken as it is. */
export function markup(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(strings.map((text, index) => text + markupOf(parts[index])).join(''));
}

function markupOf(part: HtmlPart): string {
  if (part === null || part === undefined) return '';
  if (part instanceof Html) return part.toString();
  if (typeof part === 'string') return escapeXml(part.replace(/[\t\r\n]+/g, ' '));
  return typeof part === 'number' ? String(part) : part.map(markupOf).join('');
}
