import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { newSummaryFlags, summaryForPeople } from '../../cli/summary-flags.ts';
import { openChat } from '../../services/llm/open-llm.ts';
import { createSummary } from '../../services/summaries/create-summary.ts';

export default class SummariesCreate extends HsCommand<typeof SummariesCreate> {
  static override summary = 'Summarise the high and critical events of an hour or a day.';
  static override description =
    'Hours and days are those of the footage, days those of the property’s clock. The same window again replaces its summary.';
  static override examples = [
    '<%= config.bin %> summaries create --type daily --at 2026-01-14',
    '<%= config.bin %> summaries create --type hourly --at 2026-01-14T09:00 --json',
  ];
  static override flags = newSummaryFlags;

  async run(): Promise<void> {
    const { type, at, 'dry-run': dryRun, json } = this.flags;
    const chat = await openChat(this.settings.llm);
    const options = { type, at, chat, dryRun, zones: this.settings, signal: this.signal };
    const { summary, facts, written } = await this.withDatabase(({ knex }) => createSummary(knex, options));
    const told = {
      text_by: written.source,
      events_by_level: facts.eventsByLevel,
      cameras: [...new Set(facts.serious.map((event) => event.cameraId))],
      open_scene_changes: facts.openSceneChanges,
      coverage_holes: facts.coverageHoles,
    };
    await printRecord({ ...(json ? summary : summaryForPeople(summary)), ...told }, { json, terminal: this.stdout });
    this.remark(written.remark);
    if (dryRun) this.note('nothing was kept');
  }
}
