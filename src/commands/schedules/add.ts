import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { checkGivenCommand, findGivenCommand, wordsAfterDashes } from '../../cli/given-command.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { UsageError } from '../../errors/hs-error.ts';

export default class SchedulesAdd extends HsCommand<typeof SchedulesAdd> {
  static override summary = 'Have workers run a command of hs at certain times.';
  static override description = `After -- comes the command, as one would type it; it is checked. A worker (hs worker) has to be running: whichever notices first that a time
is due leaves the command to all of them, once, and one runs it as a job. A time that comes while the command of the time before still runs is left out. Relative paths begin at
the folder of now, on every worker.

--cron has five fields, minute hour day-of-month month day-of-week, or is @hourly, @daily, @weekly, @monthly or @yearly. A time that clocks
skip is made up for right after the change; one that they show twice is taken the first time only, unless every hour is due.`;
  static override examples = [
    "<%= config.bin %> schedules add nightly --cron '0 1 * * *' --tz Europe/Berlin -- ingest /footage --stop-at 06:00",
    "<%= config.bin %> schedules add shared --cron '*/30 * * * *' --missed skip -- ingest --queue /footage",
    "<%= config.bin %> schedules add weekly --cron '0 6 * * 1' -- report weekly --out /srv/reports/week.html",
  ];
  static override strict = false;
  static override args = { name: Args.string({ description: 'what the schedule is called', required: true }) };
  static override flags = {
    cron: Flags.string({ summary: 'When: a cron expression of five fields.', helpValue: 'EXPR', required: true }),
    tz: Flags.string({ summary: 'Time zone of these times; default: the configured one, else that of this machine.', helpValue: 'ZONE' }),
    missed: Flags.option({
      summary: 'When no worker was there for more than a minute: leave that time out, or run once when one is there again.',
      options: ['skip', 'once'] as const,
      default: 'once' as const,
    })(),
  };

  async run(): Promise<void> {
    const { addSchedule } = await import('../../services/schedules/edit-schedules.ts');
    const { jobTypeOf } = await import('../../services/schedules/schedulable.ts');
    const { cron, missed, json } = this.flags;
    const given = findGivenCommand(this.config, wordsAfterDashes(this.argv));
    if (this.words.length - (this.argv.length - this.argv.indexOf('--') - 1) !== 1)
      throw new UsageError('give one name before --', { hint: "hs schedules add nightly --cron '0 1 * * *' -- ingest /footage" });
    const jobType = jobTypeOf({ ...given, flags: await checkGivenCommand(this.config, given) });
    const zone = this.flags.tz ?? this.settings.timezone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
    const order = { name: this.args.name, cron, zone, missed, jobType, argv: given.words, cwd: process.cwd() };
    const { warnings, ...schedule } = await this.withDatabase(({ knex }) =>
      addSchedule(knex, { ...order, actor: actorName(this.settings.actor) }),
    );
    for (const warning of warnings) this.note(warning);
    await printRecord(schedule, { json, terminal: this.stdout });
  }
}
