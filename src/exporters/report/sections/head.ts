import { markup, type Html } from '../markup.ts';
import type { Report, ReportCounts } from '../report-data.ts';
import { timeHtml } from '../page-parts.ts';
import { durationWords, LEVEL_WORDS, LEVELS, reportName, reportTitle, scopeWords, verdict } from '../report-words.ts';

export function headSection(report: Report): Html {
  const { since, since_local: sinceLocal, until, until_local: untilLocal } = report;
  return markup`<header>
    <p class="kicker">${reportName(report)}</p>
    <h1>${reportTitle(report)}</h1>
    <p class="quiet small"><bdi>${scopeWords(report)}</bdi> · ${timeHtml(since, sinceLocal)} to ${timeHtml(until, untilLocal)}</p>
    <p class="verdict">${verdict(report)}</p>
  </header>`;
}

type Tile = { href: string; count: number; figure?: string; label: string; note: string };

/** The figures that matter, each a way to its section. */
export function tilesSection({ counts }: Report): Html {
  return markup`<nav aria-label="Figures">
    <ul class="tiles">
      ${tilesOf(counts).map(tileHtml)}
    </ul>
  </nav>`;
}

function tileHtml({ href, count, figure, label, note }: Tile): Html {
  const noteLine = note === '' ? undefined : markup`<span class="note">${note}</span>`;
  const state = count === 0 ? markup` class="none"` : undefined;
  return markup`<li${state}><a href="#${href}"><b>${figure ?? count}</b><span>${label}</span>${noteLine}</a></li>
`;
}

function tilesOf(counts: ReportCounts): Tile[] {
  const { missing_s: missing, scene_changes: views, open_scene_changes: open } = counts;
  const [failed, partial] = [counts.failed_files, counts.partial_files];
  return [
    { href: 'events', count: counts.events, label: nounOf(counts.events, 'event'), note: levelsNote(counts) },
    { href: 'alerts', count: counts.alerts, label: nounOf(counts.alerts, 'alert'), note: '' },
    {
      href: 'coverage',
      count: missing,
      figure: missing === 0 ? '0' : durationWords(missing),
      label: 'without footage',
      note: missing === 0 ? '' : `${counts.holes} ${nounOf(counts.holes, 'hole')}`,
    },
    { href: 'views', count: views, label: nounOf(views, 'changed view'), note: open > 0 ? `${open} open` : '' },
    { href: 'files', count: failed + partial, label: nounOf(failed + partial, 'unread file'), note: `of ${counts.files}` },
    { href: 'hours', count: counts.unusual_hours, label: nounOf(counts.unusual_hours, 'unusual hour'), note: '' },
  ];
}

function nounOf(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}

function levelsNote({ events_by_level: byLevel }: ReportCounts): string {
  return LEVELS.filter((level) => byLevel[level] > 0)
    .slice(0, 2)
    .map((level) => `${byLevel[level]} ${LEVEL_WORDS[level].toLowerCase()}`)
    .join(', ');
}
