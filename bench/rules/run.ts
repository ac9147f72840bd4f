import { Command } from 'commander';

import { openDatabase } from '../../src/db/database.ts';
import { positiveNumber } from '../measure/positive-number.ts';
import { printFigures, toMegabytes } from '../measure/print-figures.ts';
import { runHsOrThrow, withHome } from '../product/hs.ts';
import { fillAlertRules } from './fill-alert-rules.ts';
import { fillEvents, untilOf } from './fill-events.ts';

type Options = { events: number; cameras: number; rules: number; perEvent: number };

const { events, cameras, rules, perEvent } = new Command('bench/rules')
  .description(
    'Stored events scored anew and their alerts raised by rules, through the built program: events per second, and whether memory stays flat',
  )
  .option('--events <n>', 'events in the store', positiveNumber, 100_000)
  .option('--cameras <n>', 'cameras, five to a property, each with three zones', positiveNumber, 20)
  .option('--rules <n>', 'alert rules, each with conditions of another kind', positiveNumber, 20)
  .option('--per-event <n>', 'detections of each track', positiveNumber, 10)
  .parse()
  .opts<Options>();

const BAR_SECONDS_PER_100_000 = 60;
const BAR_MEMORY_GROWTH = 1.25;

type Figure = { what: string; analysed: number; raised: number; seconds: number; megabytes: number };

/** Of the built program, with its start. Every score changes: other points are set before. */
async function rescore(home: string, what: string, { person, args }: { person: number; args: string[] }): Promise<Figure> {
  await runHsOrThrow(home, ['config', 'set', 'risk.points.class.person', String(person)]);
  const { wallS, peakOwnBytes, stdout } = await runHsOrThrow(home, ['analyze', '--json', '--quiet', ...args]);
  const { analysed, alerts } = JSON.parse(stdout) as { analysed: number; alerts: { created: number } };
  return { what, analysed, raised: alerts.created, seconds: wallS, megabytes: toMegabytes(peakOwnBytes) };
}

await withHome(async (home) => {
  const database = await openDatabase({ home, migrate: 'auto' });
  const startedMs = performance.now();
  try {
    await fillEvents(database.knex, { events, cameras, perEvent });
    await fillAlertRules(database.knex, rules);
  } finally {
    await database.close();
  }
  process.stderr.write(`${String(events)} events made in ${String(Math.round((performance.now() - startedMs) / 1000))} s\n`);
  const tenth = await rescore(home, 'a tenth', { person: 22, args: ['--rescore', '--until', untilOf(events / 10, cameras)] });
  const first = await rescore(home, 'all, the others for the first time', { person: 21, args: ['--rescore'] });
  const again = await rescore(home, 'all anew', { person: 23, args: ['--rescore'] });
  const same = await rescore(home, 'all anew, nothing differs', { person: 23, args: ['--rescore'] });
  const figures = [tenth, first, again, same];
  printFigures(
    figures.map(({ what, analysed, raised, seconds, megabytes }) => ({
      what,
      events: analysed,
      alerts: raised,
      seconds: seconds.toFixed(1),
      'events/s': Math.round(analysed / seconds),
      'peak MB': megabytes,
    })),
  );
  const per100000 = (again.seconds / again.analysed) * 100_000;
  const growth = again.megabytes / tenth.megabytes;
  console.log(
    `100,000 events anew in ${per100000.toFixed(1)} s (bar ${String(BAR_SECONDS_PER_100_000)}), memory ${growth.toFixed(2)} of that for a tenth (bar ${String(BAR_MEMORY_GROWTH)})`,
  );
  const isGood = per100000 <= BAR_SECONDS_PER_100_000 && growth <= BAR_MEMORY_GROWTH && again.analysed === events;
  process.exitCode = isGood ? 0 : 1;
});
