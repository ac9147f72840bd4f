import { readFile } from 'node:fs/promises';
import type { ChannelConfig } from '../../notify/channel.ts';

/** A channel as the settings hold it. */
export type ChannelSettings = {
  type: ChannelConfig['type'];
  enabled: boolean;
  url?: string | undefined;
  urlFile?: string | undefined;
  secret?: string | undefined;
  secretFile?: string | undefined;
  token?: string | undefined;
  tokenFile?: string | undefined;
  allowPrivate?: boolean | undefined;
  topic?: string | undefined;
  path?: string | undefined;
  command?: readonly string[] | undefined;
  host?: string | undefined;
  port?: number | undefined;
  security?: 'tls' | 'starttls' | 'none' | undefined;
  username?: string | undefined;
  password?: string | undefined;
  passwordFile?: string | undefined;
  from?: string | undefined;
  to?: readonly string[] | undefined;
  timeoutS?: number | undefined;
};

/** A channel ready to be used, or why it cannot be. */
export type LoadedChannel = { name: string } & ({ config: ChannelConfig } | { problem: string });

const DEFAULT_TIMEOUT_S = 30;
const PUBLIC_NTFY = 'https://ntfy.sh';

/** The channels that are enabled, in the order of the settings, each with its secrets. */
export async function loadChannels(channels: Readonly<Record<string, ChannelSettings>>): Promise<LoadedChannel[]> {
  const enabled = Object.entries(channels).filter(([, { enabled: isEnabled }]) => isEnabled);
  return Promise.all(enabled.map(([name, settings]) => loadChannel(name, settings)));
}

async function loadChannel(name: string, settings: ChannelSettings): Promise<LoadedChannel> {
  try {
    return { name, config: toConfig(await withSecrets(settings)) };
  } catch (error) {
    return { name, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function withSecrets(settings: ChannelSettings): Promise<ChannelSettings> {
  const [url, secret, token, password] = await Promise.all([
    settings.url ?? fromFile(settings.urlFile),
    settings.secret ?? fromFile(settings.secretFile),
    settings.token ?? fromFile(settings.tokenFile),
    settings.password ?? fromFile(settings.passwordFile),
  ]);
  return { ...settings, url, secret, token, password };
}

async function fromFile(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`${path} cannot be read`, { cause });
  });
  const value = text.trim();
  if (value === '') throw new Error(`${path} is empty`);
  return value;
}

/** By type; the schema of the settings has made sure that what a type needs is there. */
const MAKERS: Readonly<Record<ChannelConfig['type'], (settings: ChannelSettings, timeoutMs: number) => ChannelConfig>> = {
  webhook: ({ url = '', secret, allowPrivate = false }, timeoutMs) => ({ type: 'webhook', url, secret, allowPrivate, timeoutMs }),
  ntfy: ({ url = PUBLIC_NTFY, topic = '', token, allowPrivate = false }, timeoutMs) => ({
    type: 'ntfy',
    url,
    topic,
    token,
    allowPrivate,
    timeoutMs,
  }),
  mqtt: ({ url = '', topic = '', username, password }, timeoutMs) => ({ type: 'mqtt', url, topic, username, password, timeoutMs }),
  email: (settings, timeoutMs) => ({ ...toEmail(settings), timeoutMs }),
  file: ({ path = '' }) => ({ type: 'file', path }),
  command: ({ command = [] }, timeoutMs) => ({ type: 'command', command, timeoutMs }),
};

function toConfig(settings: ChannelSettings): ChannelConfig {
  return MAKERS[settings.type](settings, (settings.timeoutS ?? DEFAULT_TIMEOUT_S) * 1000);
}

function toEmail(settings: ChannelSettings): Omit<Extract<ChannelConfig, { type: 'email' }>, 'timeoutMs'> {
  const { host = '', security = 'starttls', username, password, from = '', to = [] } = settings;
  const port = settings.port ?? (security === 'tls' ? 465 : 587);
  return { type: 'email', host, port, security, username, password, from, to };
}
