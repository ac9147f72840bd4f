import { counted } from '../../lib/counted.ts';
import { Html, markup } from './markup.ts';
import type { Report, ReportPictures } from './report-data.ts';
import { reportStyle } from './report-style.ts';
import { reportName, reportTitle } from './report-words.ts';
import { activitySection } from './sections/activity.ts';
import { coverageSection } from './sections/coverage.ts';
import { eventsSection } from './sections/events.ts';
import { alertsSection, filesSection, hoursSection, viewsSection } from './sections/findings.ts';
import { headSection, tilesSection } from './sections/head.ts';
import { riskSection } from './sections/risk.ts';

/** Nothing is run and nothing is fetched, whatever a name or a summary holds. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

type PageOptions = { pictures: ReportPictures; /** Of the program. */ version: string };

/** The report as one page that needs nothing else. The same report gives the same page. */
export function reportPage(report: Report, { pictures, version }: PageOptions): string {
  const sections = [
    headSection(report),
    markup`<main></main>`,
    tilesSection(report),
    riskSection(report),
    eventsSection(report, pictures),
    activitySection(report),
    coverageSection(report),
    alertsSection(report),
    viewsSection(report),
    filesSection(report),
    hoursSection(report),
    markup`</main>`,
    footer(report, { pictures, version }),
  ];
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${reportTitle(report)} – ${reportName(report)}</title>
        <link rel="icon" href="data:," />
        <style>
          ${new Html(reportStyle())}
        </style>
      </head>
      <body>
        ${sections.map(
          (section) => markup`${section}
`,
        )}
      </body>
    </html>
`;
  return page.toString();
}

function footer({ since, until }: Report, { pictures, version }: PageOptions): Html {
  return markup`<footer>
    <p>Made by hs ${version} from footage of ${since.toISOString()} up to ${until.toISOString()}. Times are those of each camera’s clock, with their offset from UTC.</p>
    <p>${pictureWords(pictures)} This page loads nothing from elsewhere.</p>
  </footer>`;
}

function pictureWords(pictures: ReportPictures): string {
  const gone = [...pictures.values()].filter((picture) => picture === null).length;
  const shown = pictures.size - gone;
  const lost = gone === 0 ? '' : ` The footage of ${counted(gone, 'event')} cannot be read any more.`;
  return shown === 0 ? `No event is shown with a picture.${lost}` : `${counted(shown, 'picture')}, of the most urgent events.${lost}`;
}
