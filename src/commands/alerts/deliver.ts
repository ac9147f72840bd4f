import { Args, Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { readWords } from '../../cli/read-words.ts';
import { EXIT } from '../../errors/exit-codes.ts';
import { deliverNow } from '../../services/notifications/deliver-now.ts';

export default class AlertsDeliver extends HsCommand<typeof AlertsDeliver> {
  static override summary = 'Tell of alerts that nobody was told of yet, over the configured channels.';
  static override description =
    'Quiet hours, levels and the age of footage hold as ever; --force sends the alerts that are named whatever they say. Ends with 5 when no channel took some of them.';
  static override examples = ['<%= config.bin %> alerts deliver', '<%= config.bin %> alerts deliver 01b2c3d4-… --force'];
  static override strict = false;
  static override args = { alert: Args.string({ description: 'only these, by id; - reads them from standard input' }) };
  static override flags = {
    force: Flags.boolean({ summary: 'Send the alerts that are named whatever the preferences say.', default: false }),
  };

  async run(): Promise<void> {
    const { force, json } = this.flags;
    const ids = this.words.length === 0 ? undefined : await readWords(this.words);
    const options = { ids, force, settings: this.settings, signal: this.signal };
    const outcome = await this.withDatabase((database) => deliverNow(database, options));
    await printRecord(outcome, { json, terminal: this.stdout });
    if (outcome.failed > 0 || outcome.busy) this.exitWith(EXIT.temporary);
  }
}
