import { ChannelError, codeOf, type ChannelConfig, type Message } from './channel.ts';

type Email = Extract<ChannelConfig, { type: 'email' }>;

/** Answers of 500 and above are final; all else, and no answer at all, may be better later (RFC 5321). */
const FINAL_ANSWER = 500;

/** Sends the message as plain text. */
export async function sendEmail(channel: Email, message: Message): Promise<void> {
  const { createTransport } = await import('nodemailer');
  const { host, port, security, username, password, timeoutMs } = channel;
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ...(username === undefined ? {} : { auth: { user: username, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from: channel.from,
      to: [...channel.to],
      subject: message.title,
      text: message.text,
      messageId: `<${message.id}@hs.invalid>`,
    });
  } catch (cause) {
    const code = answerOf(cause);
    const what = code === undefined ? `failed (${codeOf(cause)})` : `refused the mail with ${String(code)}`;
    const isTemporary = code === undefined ? codeOf(cause) !== 'EAUTH' : code < FINAL_ANSWER;
    throw new ChannelError(`mail server ${host}:${String(port)} ${what}`, { isTemporary, cause });
  } finally {
    transport.close();
  }
}

function answerOf(error: unknown): number | undefined {
  return error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : undefined;
}
