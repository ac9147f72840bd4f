import { sleep } from '../lib/sleep.ts';
import { ChannelError, type ChannelConfig, type Message } from './channel.ts';

export type SendOptions = {
  signal?: AbortSignal | undefined;
  /** Waits before each further try of a channel that may come back. */
  retryDelaysMs?: readonly number[] | undefined;
};

const RETRY_DELAYS_MS = [2_000, 4_000, 8_000];

/** Hands a message to a channel; resolves when it took it, throws `ChannelError` when it did not. */
export async function sendMessage(channel: ChannelConfig, message: Message, options: SendOptions = {}): Promise<void> {
  const { signal, retryDelaysMs = RETRY_DELAYS_MS } = options;
  for (const delayMs of [...retryDelaysMs, undefined]) {
    try {
      await sendOnce(channel, message, signal);
      return;
    } catch (error) {
      const mayHelp = error instanceof ChannelError && error.isTemporary;
      if (!mayHelp || delayMs === undefined || signal?.aborted === true) throw error;
    }
    await sleep(delayMs, signal);
  }
}

/** What a channel needs is loaded when the first message goes to it. */
async function sendOnce(channel: ChannelConfig, message: Message, signal: AbortSignal | undefined): Promise<void> {
  switch (channel.type) {
    case 'webhook':
      return (await import('./send-webhook.ts')).sendWebhook(channel, message, signal);
    case 'ntfy':
      return (await import('./send-ntfy.ts')).sendNtfy(channel, message, signal);
    case 'email':
      return (await import('./send-email.ts')).sendEmail(channel, message, signal);
    case 'mqtt':
      return (await import('./send-mqtt.ts')).sendMqtt(channel, message, signal);
    case 'file':
      return (await import('./append-file.ts')).appendFile(channel, message);
    case 'command':
      return (await import('./run-command.ts')).runCommand(channel, message);
  }
}
