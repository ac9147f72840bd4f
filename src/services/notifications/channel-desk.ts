import { ChannelError, type Message } from '../../notify/channel.ts';
import { sendMessage } from '../../notify/send-message.ts';
import type { LoadedChannel } from './load-channels.ts';

export type ChannelResult = { channel: string; ok: boolean; error?: string };

export type DeskOptions = {
  signal?: AbortSignal | undefined;
  /** Only for tests: waits between tries. */
  retryDelaysMs?: readonly number[] | undefined;
};

/** A channel that failed so often in a row is left alone for the rest of a run: each failure takes its time. */
const FAILURES_TO_REST = 2;

/** Sends messages over channels, and remembers which of them are down. */
export class ChannelDesk {
  readonly #channels: readonly LoadedChannel[];
  readonly #options: DeskOptions;
  readonly #failures = new Map<string, number>();

  constructor(channels: readonly LoadedChannel[], options: DeskOptions) {
    this.#channels = channels;
    this.#options = options;
  }

  /** Names of the channels meant that are there; none named means all. */
  namesFor(wanted: readonly string[]): string[] {
    const names = this.#channels.map(({ name }) => name);
    return wanted.length === 0 ? names : wanted.filter((name) => names.includes(name));
  }

  /** One of the channels is not at rest. */
  isAnyUp(names: readonly string[]): boolean {
    return names.some((name) => (this.#failures.get(name) ?? 0) < FAILURES_TO_REST);
  }

  /** Undefined for a channel at rest. Never throws for what a channel does. */
  async send(name: string, message: Message): Promise<ChannelResult | undefined> {
    const channel = this.#channels.find((known) => known.name === name);
    if (channel === undefined || !this.isAnyUp([name])) return undefined;
    const error = await this.#trySend(channel, message);
    this.#failures.set(name, error === undefined ? 0 : (this.#failures.get(name) ?? 0) + 1);
    return { channel: name, ok: error === undefined, ...(error === undefined ? {} : { error }) };
  }

  async #trySend(channel: LoadedChannel, message: Message): Promise<string | undefined> {
    if ('problem' in channel) return channel.problem;
    try {
      await sendMessage(channel.config, message, this.#options);
      return undefined;
    } catch (error) {
      if (error instanceof ChannelError) return error.message;
      throw error;
    }
  }
}
