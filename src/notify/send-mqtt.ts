import type { MqttClient } from 'mqtt';
import { ChannelError, codeOf, type ChannelConfig, type Message } from './channel.ts';
import { failWhenAborted, stopAfter } from './stop-after.ts';

type Mqtt = Extract<ChannelConfig, { type: 'mqtt' }>;

/** Publishes the message as JSON and waits until the broker has it (QoS 1); connecting is part of the time for it. */
export async function sendMqtt(channel: Mqtt, message: Message, signal?: AbortSignal): Promise<void> {
  const { connect } = await import('mqtt');
  const { url, topic, username, password, timeoutMs } = channel;
  const account = username === undefined ? {} : { username, ...(password === undefined ? {} : { password }) };
  const { late, stop } = stopAfter(timeoutMs, signal);
  const client = connect(url, { ...account, connectTimeout: timeoutMs, reconnectPeriod: 0, clientId: `hs-${message.id.slice(-12)}` });
  const over = Promise.race([whenLost(client), failWhenAborted(stop)]);
  over.catch(() => undefined);
  try {
    await Promise.race([whenConnected(client), over]).catch((cause: unknown) => {
      throw new ChannelError(`the broker cannot be reached (${codeOf(cause)})`, { isTemporary: true, cause });
    });
    const body = JSON.stringify({ ...message.data, id: message.id, title: message.title, text: message.text });
    await Promise.race([client.publishAsync(topic, body, { qos: 1 }), over]);
  } catch (cause) {
    if (cause instanceof ChannelError) throw cause;
    const what = late.aborted
      ? `did not take the message within ${String(timeoutMs / 1000)} s`
      : `did not take the message (${codeOf(cause)})`;
    throw new ChannelError(`the broker ${what}`, { isTemporary: true, cause });
  } finally {
    await client.endAsync(true).catch(() => undefined);
  }
}

function whenConnected(client: MqttClient): Promise<void> {
  return new Promise((resolve) =>
    client.once('connect', () => {
      resolve();
    }),
  );
}

/** Never more than one error ends it, and none is left that nobody hears. */
function whenLost(client: MqttClient): Promise<never> {
  return new Promise((_, reject) => {
    client.on('error', reject);
    client.on('close', () => {
      reject(new Error('the broker closed the connection'));
    });
  });
}
