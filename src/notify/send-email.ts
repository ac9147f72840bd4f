import { Socket } from 'node:net';
import { ChannelError, codeOf, type ChannelConfig, type Message } from './channel.ts';
import { failWhenAborted, stopAfter } from './stop-after.ts';

type Email = Extract<ChannelConfig, { type: 'email' }>;

/** Answers of 500 and above are final; all else, and no answer at all, may be better later (RFC 5321). */
const FINAL_ANSWER = 500;

/**
 * Sends the message as plain text. A server that says something now and then, and never comes to an end, is given up when its time is
 * over: nodemailer itself only minds silence.
 */
export async function sendEmail(channel: Email, message: Message, signal?: AbortSignal): Promise<void> {
  const { createTransport } = await import('nodemailer');
  const { host, port, security, username, password, timeoutMs } = channel;
  const { late, stop } = stopAfter(timeoutMs, signal);
  const socket = new Socket();
  const transport = createTransport({
    socket,
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
    const sent = transport.sendMail({
      from: channel.from,
      to: [...channel.to],
      subject: message.title,
      text: message.text,
      messageId: `<${message.id}@hs.invalid>`,
    });
    await Promise.race([sent, failWhenAborted(stop)]);
  } catch (cause) {
    const code = answerOf(cause);
    const how = late.aborted ? `did not take the mail within ${String(timeoutMs / 1000)} s` : `failed (${codeOf(cause)})`;
    const what = code === undefined ? how : `refused the mail with ${String(code)}`;
    const isTemporary = code === undefined ? codeOf(cause) !== 'EAUTH' : code < FINAL_ANSWER;
    throw new ChannelError(`mail server ${host}:${String(port)} ${what}`, { isTemporary, cause });
  } finally {
    transport.close();
    socket.destroy();
  }
}

function answerOf(error: unknown): number | undefined {
  return error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : undefined;
}
