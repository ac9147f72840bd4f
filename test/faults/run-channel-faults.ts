import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { ChannelError, type ChannelConfig, type Message } from '../../src/notify/channel.ts';
import { sendMessage } from '../../src/notify/send-message.ts';
import { TCP_FAULTS } from '../helpers/tcp-faults.ts';
import { WIRE_FAULTS } from '../helpers/wire-faults.ts';

type Options = { folder: string; log: (line: string) => void };
type Outcome = { counts: Record<string, number>; violations: string[] };

const CANARY = 'k4n4ry';
const TIMEOUT_MS = 700;
/** What a loaded machine may need on top. */
const GRACE_MS = 2_000;
const MESSAGE: Message = {
  id: '0192f0c0-0000-7000-8000-00000000abcd',
  title: 'Night: person at the gate',
  text: 'Somebody is there',
  severity: 'high',
  data: {},
};
/** What is wrong with an answer does not matter to these: that there is one of 2xx is all they ask. */
const TAKEN = /in the body|end of the body|a byte at a time|50 MB|a bomb|another|half a document/;

/** Sends one message over each channel to servers that do each thing wrong. None may hang, throw anything but its own error, or tell a secret. */
export async function runChannelFaults({ folder, log }: Options): Promise<Outcome> {
  const outcome: Outcome = { counts: {}, violations: [] };
  const uncaught = (error: unknown): void => void outcome.violations.push(`uncaught: ${String(error)}`);
  process.on('uncaughtException', uncaught).on('unhandledRejection', uncaught);
  for (const [name, fault] of Object.entries(WIRE_FAULTS)) {
    const server = createHttpServer((request, response) => {
      response.on('error', () => undefined);
      request.resume().on('end', () => {
        fault(response);
      });
    });
    await withServer(server, async (port) => {
      for (const channel of [webhook(`http://127.0.0.1:${String(port)}`), ntfy(port)])
        await expectBounded(outcome, { channel, what: `${channel.type}, ${name}`, mayPass: TAKEN.test(name) });
    });
  }
  log(`webhook, ntfy: ${String(outcome.violations.length)} violations so far`);
  for (const [name, { protocol, talk }] of Object.entries(TCP_FAULTS)) {
    await withServer(createServer(talk), async (port) => {
      const channel = protocol === 'smtp' ? mail(port, 'none') : broker(`mqtt://127.0.0.1:${String(port)}`);
      await expectBounded(outcome, { channel, what: `${channel.type}, ${name}`, mayPass: false });
    });
  }
  await expectTlsChecked(outcome, folder);
  process.off('uncaughtException', uncaught).off('unhandledRejection', uncaught);
  return outcome;
}

/** In the clear where it is to be secret, and a certificate that nobody vouches for. */
async function expectTlsChecked(outcome: Outcome, folder: string): Promise<void> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=elsewhere.invalid', '-days', '1'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
  const plain = createServer((socket) => void socket.on('error', () => undefined).write('220 plain\r\n'));
  const forged = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) });
  for (const [name, server] of [
    ['no TLS at all', plain],
    ['a certificate of its own', forged],
  ] as const) {
    await withServer(server, async (port) => {
      const at = `127.0.0.1:${String(port)}`;
      for (const channel of [webhook(`https://${at}`), mail(port, 'tls'), broker(`mqtts://${at}`)])
        await expectBounded(outcome, { channel, what: `${channel.type}, ${name}`, mayPass: false });
    });
  }
}

async function withServer(server: Server, work: (port: number) => Promise<void>): Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work((server.address() as AddressInfo).port);
  } finally {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}

type Case = { channel: ChannelConfig; what: string; mayPass: boolean };

async function expectBounded({ counts, violations }: Outcome, { channel, what, mayPass }: Case): Promise<void> {
  const startedMs = performance.now();
  // Whatever goes on for longer than that is a hang: the harness goes on without it.
  const late = new Promise<'late'>((done) => setTimeout(done, 4 * (TIMEOUT_MS + GRACE_MS), 'late').unref());
  const ended = sendMessage(channel, MESSAGE, { retryDelaysMs: [] }).then(
    () => 'taken' as const,
    (error: unknown) => error,
  );
  const result: unknown = await Promise.race([ended, late]);
  const tookMs = performance.now() - startedMs;
  if (result === 'late') violations.push(`${what}: does not end`);
  else if (tookMs > TIMEOUT_MS + GRACE_MS) violations.push(`${what}: took ${tookMs.toFixed(0)} ms of ${String(TIMEOUT_MS)}`);
  if (result === 'taken' && !mayPass) violations.push(`${what}: counts as taken`);
  if (result instanceof Error && !(result instanceof ChannelError)) violations.push(`${what}: ${result.name}: ${result.message}`);
  if (result instanceof Error && result.message.includes(CANARY)) violations.push(`${what}: says ${result.message}`);
  const kind = result === 'taken' ? 'taken' : 'failed in time';
  counts[`${channel.type}: ${kind}`] = (counts[`${channel.type}: ${kind}`] ?? 0) + 1;
}

function webhook(origin: string): ChannelConfig {
  return { type: 'webhook', url: `${origin}/hook?key=${CANARY}`, secret: CANARY, allowPrivate: true, timeoutMs: TIMEOUT_MS };
}

function ntfy(port: number): ChannelConfig {
  return { type: 'ntfy', url: `http://127.0.0.1:${String(port)}`, topic: 'home', token: CANARY, allowPrivate: true, timeoutMs: TIMEOUT_MS };
}

function mail(port: number, security: 'none' | 'tls'): ChannelConfig {
  const account = { username: 'me', password: CANARY };
  return {
    type: 'email',
    host: '127.0.0.1',
    port,
    security,
    ...account,
    from: 'hs@example.org',
    to: ['me@example.org'],
    timeoutMs: TIMEOUT_MS,
  };
}

function broker(url: string): ChannelConfig {
  return { type: 'mqtt', url, topic: 'home/alerts', username: 'me', password: CANARY, timeoutMs: TIMEOUT_MS };
}
