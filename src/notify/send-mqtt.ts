import { ChannelError, codeOf, type ChannelConfig, type Message } from './channel.ts';

type Mqtt = Extract<ChannelConfig, { type: 'mqtt' }>;

/** Publishes the message as JSON and waits until the broker has it (QoS 1). */
export async function sendMqtt(channel: Mqtt, message: Message): Promise<void> {
  const { connectAsync } = await import('mqtt');
  const { url, topic, username, password, timeoutMs } = channel;
  const account = username === undefined ? {} : { username, ...(password === undefined ? {} : { password }) };
  const options = { ...account, connectTimeout: timeoutMs, reconnectPeriod: 0, clientId: `hs-${message.id.slice(-12)}` };
  const client = await connectAsync(url, options, false).catch((cause: unknown) => {
    throw new ChannelError(`the broker cannot be reached (${codeOf(cause)})`, { isTemporary: true, cause });
  });
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const body = JSON.stringify({ ...message.data, id: message.id, title: message.title, text: message.text });
    await Promise.race([client.publishAsync(topic, body, { qos: 1 }), whenAborted(late)]);
  } catch (cause) {
    const what = late.aborted
      ? `did not take the message within ${String(timeoutMs / 1000)} s`
      : `did not take the message (${codeOf(cause)})`;
    throw new ChannelError(`the broker ${what}`, { isTemporary: true, cause });
  } finally {
    await client.endAsync(true).catch(() => undefined);
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('late'));
    });
  });
}
