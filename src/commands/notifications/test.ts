import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import type { Column } from '../../cli/column.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { EXIT } from '../../errors/exit-codes.ts';
import { testChannels } from '../../services/notifications/test-channels.ts';

type Result = { channel: string; ok: boolean; error?: string };

const COLUMNS: Column<Result>[] = [
  { key: 'channel', value: ({ channel }) => channel },
  { key: 'ok', value: ({ ok }) => ok },
  { key: 'error', value: ({ error }) => error },
];

export default class NotificationsTest extends HsCommand<typeof NotificationsTest> {
  static override summary = 'Send a test message over channels, all of them when none is named. Ends with 5 when one did not take it.';
  static override examples = ['<%= config.bin %> notifications test', '<%= config.bin %> notifications test phone'];
  static override strict = false;
  static override args = { channel: Args.string({ description: 'name of a channel; several may be given' }) };

  async run(): Promise<void> {
    const options = { names: this.words, actor: actorName(this.settings.actor), settings: this.settings, signal: this.signal };
    const results = await this.withDatabase(({ knex }) => testChannels(knex, options));
    if (results.some(({ ok }) => !ok)) this.exitWith(EXIT.temporary);
    await printList(results, { columns: COLUMNS, format: this.flags.json ? 'json' : 'table', terminal: this.stdout });
  }
}
