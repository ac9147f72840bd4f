import { z } from 'zod';

const CHANNEL_TYPES = ['webhook', 'email', 'ntfy', 'mqtt', 'file', 'command'] as const;
type ChannelType = (typeof CHANNEL_TYPES)[number];

/** What each type needs; of a group in brackets one is enough. */
const NEEDED: Readonly<Record<ChannelType, readonly (readonly string[])[]>> = {
  webhook: [['url', 'url_file']],
  email: [['host'], ['from'], ['to']],
  ntfy: [['topic']],
  mqtt: [['url', 'url_file'], ['topic']],
  file: [['path']],
  command: [['command']],
};

const OPTIONAL: Readonly<Record<ChannelType, readonly string[]>> = {
  webhook: ['secret', 'secret_file', 'allow_private', 'timeout_s'],
  email: ['port', 'security', 'username', 'password', 'password_file', 'timeout_s'],
  ntfy: ['url', 'url_file', 'token', 'token_file', 'allow_private', 'timeout_s'],
  mqtt: ['username', 'password', 'password_file', 'timeout_s'],
  file: [],
  command: ['timeout_s'],
};

const text = z.string().min(1);
const absolutePath = z.string().regex(/^(\/|[A-Za-z]:[\\/])/, 'must be an absolute path');

/** One channel; which of its settings are needed depends on the type. A secret can stand in a file of its own (`*_file`). */
export const channelSettings = z
  .strictObject({
    type: z.enum(CHANNEL_TYPES).describe('How messages are sent.'),
    enabled: z.boolean().default(true).describe('Whether it is used.'),
    url: text.optional().describe('Where a webhook, ntfy server or MQTT broker is.'),
    url_file: absolutePath.optional().describe('File that holds the URL.'),
    secret: text.optional().describe('Key that webhooks are signed with (HMAC-SHA256).'),
    secret_file: absolutePath.optional().describe('File that holds the key.'),
    token: text.optional().describe('Access token of the ntfy server.'),
    token_file: absolutePath.optional().describe('File that holds the access token.'),
    allow_private: z.boolean().optional().describe('Whether it may be on this machine or in a private network.'),
    topic: text.optional().describe('Topic of ntfy or MQTT.'),
    path: absolutePath.optional().describe('File that a line of JSON is added to for each message.'),
    command: z.array(text).min(1).optional().describe('Program and its arguments; it gets the message as JSON on standard input.'),
    host: text.optional().describe('Mail server.'),
    port: z.int().min(1).max(65_535).optional().describe('Its port; by default 465 with tls, else 587.'),
    security: z
      .enum(['tls', 'starttls', 'none'])
      .optional()
      .describe('How the connection to the mail server is protected; by default starttls.'),
    username: text.optional().describe('Account on the mail server or broker.'),
    password: text.optional().describe('Its password.'),
    password_file: absolutePath.optional().describe('File that holds the password.'),
    from: text.optional().describe('Sender of mails.'),
    to: z.array(text).min(1).optional().describe('Receivers of mails.'),
    timeout_s: z.number().positive().max(600).optional().describe('Longest time a try takes; by default 30 s.'),
  })
  .superRefine((channel, context) => {
    for (const problem of channelProblems(channel)) context.addIssue({ code: 'custom', ...problem });
  });

function channelProblems(channel: { type: ChannelType } & Record<string, unknown>): { message: string; path: string[] }[] {
  const given = Object.entries(channel).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  const { type } = channel;
  const needed = NEEDED[type];
  const known = ['type', 'enabled', ...needed.flat(), ...OPTIONAL[type]];
  return [
    ...needed
      .filter((keys) => !keys.some((key) => given.includes(key)))
      .map(([key = '']) => ({ message: `is missing: a channel of type ${type} needs it`, path: [key] })),
    ...given.filter((key) => !known.includes(key)).map((key) => ({ message: `is nothing a channel of type ${type} has`, path: [key] })),
    ...given
      .filter((key) => given.includes(`${key}_file`))
      .map((key) => ({ message: `is given twice: as ${key} and as ${key}_file`, path: [key] })),
  ];
}

/** A length of time such as `24h`. */
export const duration = z.string().regex(/^\d+(\.\d+)?[smhd]$/, 'is not a length of time such as 24h or 90m');
/** Names are used in flags and lists, separated by commas. */
export const channelName = z.string().regex(/^[A-Za-z0-9][\w-]{0,49}$/, 'is not a name of letters, digits, - and _');
