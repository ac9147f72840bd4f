import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { ChannelError, codeOf, type ChannelConfig, type Message } from './channel.ts';

type FileChannel = Extract<ChannelConfig, { type: 'file' }>;

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
const OWNER_ONLY = 0o600;

/** Adds one line of JSON, in one write, and makes sure that it is on the disk. The last part of the path must be no link. */
export async function appendFile({ path }: FileChannel, message: Message): Promise<void> {
  const line = `${JSON.stringify({ ...message.data, id: message.id, title: message.title, text: message.text })}\n`;
  try {
    const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, OWNER_ONLY);
    try {
      await file.write(line);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new ChannelError(`file ${path} cannot be written (${codeOf(cause)})`, { isTemporary: false, cause });
  }
}
