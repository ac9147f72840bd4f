import { Args, Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { checkSchedule } from '../../services/households/check-schedule.ts';

export default class HouseholdsSchedule extends HsCommand<typeof HouseholdsSchedule> {
  static override summary = 'Check a schedule: print its week, and with --at say whether a moment lies in it.';
  static override description =
    "A day's own hours beat those of weekdays and weekends, these beat daily. Hours that end before they begin run past midnight and belong to the day they begin on.";
  static override examples = [
    '<%= config.bin %> households schedule "daily 08:00-18:00; friday 22:00-06:00" --at "2026-01-17 05:59"',
    '<%= config.bin %> households schedule --member Anna',
  ];
  static override args = { schedule: Args.string({ description: 'the schedule, as text or JSON' }) };
  static override flags = {
    member: Flags.string({ summary: 'The schedule of this member instead.', helpValue: 'NAME' }),
    at: Flags.string({ summary: 'A moment, ISO 8601; without an offset by the clock on the wall.', helpValue: 'TIME' }),
    timezone: Flags.string({ summary: 'Time zone of the clock on the wall.', helpValue: 'ZONE' }),
  };

  async run(): Promise<void> {
    const { member, at, timezone, json } = this.flags;
    const options = { text: this.args.schedule, member, at, timezone, defaultZone: this.settings.timezone };
    const checked = await this.withDatabase(({ knex }) => checkSchedule(knex, options));
    if (json) {
      await this.printJson({ schema_version: 1, item: checked });
      return;
    }
    const columns = [
      { key: 'day', value: (row: { day: string }) => row.day },
      { key: 'hours', value: (row: { hours: string[] }) => (row.hours.length === 0 ? 'none' : row.hours.join(', ')) },
    ];
    await printList(checked.week, { columns, format: 'table', terminal: this.stdout });
    if (checked.inside !== null)
      await this.print(`${checked.at_local ?? ''} (${checked.timezone}) is ${checked.inside ? 'inside' : 'outside'}`);
  }
}
