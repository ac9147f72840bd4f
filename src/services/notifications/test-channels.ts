import type { Knex } from 'knex';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { uuidV7 } from '../../db/uuid-v7.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { nearestName } from '../../lib/nearest-name.ts';
import { ChannelDesk, type ChannelResult, type DeskOptions } from './channel-desk.ts';
import { loadChannels } from './load-channels.ts';
import type { NotificationSettings } from './notification-settings.ts';
import { testMessage } from './to-message.ts';

export type TestChannelsOptions = DeskOptions & { names: readonly string[]; actor: string; settings: NotificationSettings };

/** Sends a test message over channels, all that are enabled when none is named; every try is in the audit log. */
export async function testChannels(knex: Knex, options: TestChannelsOptions): Promise<ChannelResult[]> {
  const desk = new ChannelDesk(await loadChannels(options.settings.notifications.channels), options);
  const known = desk.namesFor([]);
  if (known.length === 0) {
    throw new UsageError('no channel is configured', {
      code: 'channel_unknown',
      hint: 'add one: notifications.channels in the configuration file',
    });
  }
  for (const name of options.names) if (!known.includes(name)) throw noSuchChannel(name, known);
  const results: ChannelResult[] = [];
  for (const name of desk.namesFor(options.names)) {
    const result = await desk.send(name, testMessage(uuidV7()));
    if (result === undefined) continue;
    results.push(result);
    await insertAuditLog(knex, {
      action: 'notification_test',
      resource_type: 'notification_channel',
      resource_id: name,
      actor: options.actor,
      details: result.error === undefined ? {} : { error: result.error },
      status: result.ok ? 'success' : 'failure',
    });
  }
  return results;
}

function noSuchChannel(name: string, known: readonly string[]): UsageError {
  const meant = nearestName(name, known);
  const hint = meant === undefined ? `configured and enabled are ${known.join(', ')}` : `did you mean ${meant}?`;
  return new UsageError(`there is no channel ${JSON.stringify(name)}`, { code: 'channel_unknown', hint });
}
