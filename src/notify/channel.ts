import type { Severity } from '../domain/enums.ts';

/** A way to tell somebody, with its secrets. */
export type ChannelConfig =
  | { type: 'webhook'; url: string; secret: string | undefined; allowPrivate: boolean; timeoutMs: number }
  | { type: 'ntfy'; url: string; topic: string; token: string | undefined; allowPrivate: boolean; timeoutMs: number }
  | {
      type: 'email';
      host: string;
      port: number;
      /** `none`: in the clear, unless the server offers more. */
      security: 'tls' | 'starttls' | 'none';
      username: string | undefined;
      password: string | undefined;
      from: string;
      to: readonly string[];
      timeoutMs: number;
    }
  | { type: 'mqtt'; url: string; topic: string; username: string | undefined; password: string | undefined; timeoutMs: number }
  | { type: 'file'; path: string }
  | { type: 'command'; command: readonly string[]; timeoutMs: number };

/** What somebody is told. `data` is for programs, the rest for people. */
export type Message = {
  /** The same each time: receivers can tell a repetition by it. */
  id: string;
  /** One line. */
  title: string;
  text: string;
  severity: Severity;
  data: Readonly<Record<string, unknown>>;
};

/** A channel did not take a message. The text holds no secrets. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  /** Whether trying again may help. */
  readonly isTemporary: boolean;

  constructor(message: string, options: { isTemporary: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.isTemporary = options.isTemporary;
  }
}

/** The code of a system error, else its kind: messages of others may hold what was sent. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
