import { counted } from '../../../lib/counted.ts';
import { markup, type Html } from '../markup.ts';
import { levelHtml, nameHtml, restHtml, timeHtml } from '../page-parts.ts';
import type { Report, ReportEvent, ReportLevel, ReportPicture, ReportPictures } from '../report-data.ts';
import { anomalyWords, eventWords, LEVEL_WORDS, LEVELS, levelOf, listCommand } from '../report-words.ts';
import { table, type TableColumn } from '../table.ts';

/** Level by level from the most urgent on: with a picture where there is one, the others in a table. */
export function eventsSection(report: Report, pictures: ReportPictures): Html {
  const { events, counts } = report;
  const groups = LEVELS.map((level) => ({ level, items: events.items.filter((event) => levelOf(event) === level) }));
  const body = groups.flatMap(({ level, items }) => (items.length === 0 ? [] : levelGroup(level, items, { pictures, counts })));
  return markup`<section aria-labelledby="events">
    <h2 id="events">Events</h2>
    ${events.total === 0 ? markup`<p class="quiet">No events.</p>` : body} ${restHtml(events, listCommand('events list', report))}
  </section>`;
}

type Picture = NonNullable<ReportPicture>;
type Shared = { pictures: ReportPictures; counts: Report['counts'] };

function levelGroup(level: ReportLevel, items: readonly ReportEvent[], { pictures, counts }: Shared): Html[] {
  const cards = items.flatMap((event) => {
    const picture = pictures.get(event.id);
    return picture ? [cardHtml(event, picture)] : [];
  });
  const rows = items.filter(({ id }) => !pictures.get(id));
  const gone = items.filter(({ id }) => pictures.get(id) === null).length;
  const caption = `${LEVEL_WORDS[level]}: ${counted(rows.length, cards.length === 0 ? 'event' : 'more event')}${goneWords(gone)}`;
  return [
    markup`<h3>${LEVEL_WORDS[level]} <span class="quiet">${counts.events_by_level[level]}</span></h3>`,
    ...(cards.length === 0
      ? []
      : [
          markup`<ul class="cards">
            ${cards}
          </ul>`,
        ]),
    ...(rows.length === 0 ? [] : [table({ id: `events-${level}`, caption, columns: COLUMNS, rows })]),
  ];
}

function goneWords(gone: number): string {
  return gone === 0 ? '' : `; the footage of ${gone} cannot be read any more`;
}

function cardHtml(event: ReportEvent, picture: Picture): Html {
  const { id, camera_name: camera, object_types: types, reviewed, risk_score: score } = event;
  const facts = [types.join(', '), anomalyWords(event), reviewed ? 'reviewed' : undefined, `event ${id}`];
  return markup`<li class="card">
    ${pictureHtml(event, picture)}
    <div class="told">
      <p class="top">${levelHtml(levelOf(event), score)} ${timeHtml(event.started_at, event.started_at_local)}</p>
      <p class="what">${nameHtml(eventWords(event))}</p>
      <p class="facts">${nameHtml(camera)} · ${facts.filter(Boolean).join(' · ')}</p>
    </div>
  </li> `;
}

function pictureHtml(event: ReportEvent, { jpeg, width, height }: Picture): Html {
  const source = `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
  const seen = event.object_types.join(', ') || 'something';
  const alt = `${seen} at ${event.camera_name}, ${event.started_at_local.slice(11, 19)}`;
  return markup`<img src="${source}" width="${width}" height="${height}" alt="${alt}" />`;
}

const COLUMNS: readonly TableColumn<ReportEvent>[] = [
  { title: 'Began', cell: ({ started_at: at, started_at_local: local }) => timeHtml(at, local) },
  { title: 'Camera', cell: ({ camera_name: name }) => nameHtml(name) },
  { title: 'Score', cell: ({ risk_score: score }) => score ?? '–', kind: 'number' },
  { title: 'What happened', cell: (event) => nameHtml([eventWords(event), anomalyWords(event)].filter(Boolean).join(' · ')), kind: 'wide' },
  { title: 'Seen', cell: ({ object_types: types }) => types.join(', ') },
  { title: 'Event', cell: ({ id, reviewed }) => `${id}${reviewed ? ', reviewed' : ''}`, kind: 'number' },
];
