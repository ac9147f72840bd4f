import { createHmac } from 'node:crypto';
import type { ChannelConfig, Message } from './channel.ts';
import { httpPost } from './http-post.ts';

type Webhook = Extract<ChannelConfig, { type: 'webhook' }>;

/**
 * Posts the message as JSON. With a secret `x-hs-signature` is `sha256=` and the HMAC-SHA256, in hex, of the time stamp in
 * `x-hs-timestamp` (seconds), a dot and the body: a receiver that checks both takes nothing forged and nothing recorded long ago.
 */
export async function sendWebhook(channel: Webhook, message: Message, signal?: AbortSignal): Promise<void> {
  const body = JSON.stringify({ ...message.data, id: message.id, title: message.title, text: message.text });
  const timestamp = String(Math.floor(Date.now() / 1000));
  await httpPost({
    ...channel,
    body,
    signal,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'hs',
      'idempotency-key': message.id,
      'x-hs-timestamp': timestamp,
      ...(channel.secret === undefined ? {} : { 'x-hs-signature': signatureOf(channel.secret, `${timestamp}.${body}`) }),
    },
  });
}

function signatureOf(secret: string, text: string): string {
  return `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
}
