import type { Severity } from '../domain/enums.ts';
import type { ChannelConfig, Message } from './channel.ts';
import { httpPost } from './http-post.ts';

type Ntfy = Extract<ChannelConfig, { type: 'ntfy' }>;

/** Of ntfy: 1 least to 5 most urgent. */
const PRIORITIES: Readonly<Record<Severity, number>> = { low: 2, medium: 3, high: 4, critical: 5 };

/** Posts the message as JSON to a server of ntfy; title and text are for people. */
export async function sendNtfy(channel: Ntfy, message: Message, signal?: AbortSignal): Promise<void> {
  const body = JSON.stringify({
    topic: channel.topic,
    title: message.title,
    message: message.text,
    priority: PRIORITIES[message.severity],
  });
  await httpPost({
    ...channel,
    body,
    signal,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'hs',
      ...(channel.token === undefined ? {} : { authorization: `Bearer ${channel.token}` }),
    },
  });
}
