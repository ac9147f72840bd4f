import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { ChannelConfig, Message } from '../../../src/notify/channel.ts';
import { sendMessage } from '../../../src/notify/send-message.ts';

const MESSAGE: Message = {
  id: '0192f0c0-0000-7000-8000-00000000abcd',
  title: '[high] Night: person at Haustür',
  text: 'Somebody is there',
  severity: 'high',
  data: { schema_version: 1, type: 'alert', event: { id: 7 } },
};

const folder = mkdtempSync(join(tmpdir(), 'hs-notify-'));
const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

type Got = { url: string | undefined; headers: IncomingHttpHeaders; body: string };

/** Answers with these codes, one after the other, the last one for ever. */
async function httpServer(...codes: number[]): Promise<{ port: number; got: Got[] }> {
  const got: Got[] = [];
  const server = createHttpServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      got.push({ url: request.url, headers: request.headers, body });
      response.writeHead(codes[Math.min(got.length, codes.length) - 1] ?? 200, { location: '/elsewhere' }).end('x');
    });
  });
  return { port: await listen(server), got };
}

const webhook = (port: number, more: object = {}): ChannelConfig => ({
  type: 'webhook',
  url: `http://127.0.0.1:${String(port)}/hook?key=abc`,
  secret: undefined,
  allowPrivate: true,
  timeoutMs: 2000,
  ...more,
});

const send = (channel: ChannelConfig): Promise<void> => sendMessage(channel, MESSAGE, { retryDelaysMs: [1, 1, 1] });

test('a webhook gets JSON that is signed together with the time', async () => {
  const { port, got } = await httpServer(204);
  await send(webhook(port, { secret: 'hunter2' }));
  const [{ url, headers, body }] = got as [Got];
  expect(url).toBe('/hook?key=abc');
  expect(JSON.parse(body)).toEqual({ ...MESSAGE.data, id: MESSAGE.id, title: MESSAGE.title, text: MESSAGE.text });
  const stamp = String(headers['x-hs-timestamp']);
  expect(Math.abs(Number(stamp) - Date.now() / 1000)).toBeLessThan(5);
  expect(headers['x-hs-signature']).toBe(`sha256=${createHmac('sha256', 'hunter2').update(`${stamp}.${body}`).digest('hex')}`);
  expect(headers['idempotency-key']).toBe(MESSAGE.id);
  await send(webhook(port));
  expect(got[1]?.headers['x-hs-signature']).toBeUndefined();
});

test('a server that is in trouble is tried three times more, then it failed', async () => {
  const recovering = await httpServer(503, 429, 200);
  await send(webhook(recovering.port));
  expect(recovering.got).toHaveLength(3);
  const broken = await httpServer(500);
  await expect(send(webhook(broken.port))).rejects.toThrow(`http://127.0.0.1:${String(broken.port)} answered with 500`);
  expect(broken.got).toHaveLength(4);
});

test.each([302, 400, 401, 404])('an answer %s is final, and no redirect is followed', async (code) => {
  const { port, got } = await httpServer(code);
  await expect(send(webhook(port))).rejects.toThrow(`answered with ${String(code)}`);
  expect(got).toHaveLength(1);
});

test('a server on this machine is not asked unless that is allowed', async () => {
  const { port, got } = await httpServer(200);
  await expect(send(webhook(port, { allowPrivate: false }))).rejects.toThrow(/private address/);
  await expect(send(webhook(port, { allowPrivate: false, url: `http://localhost:${String(port)}/` }))).rejects.toThrow(/private address/);
  expect(got).toEqual([]);
});

test('a server that never answers, and one that is not there, fail without a word about the URL', async () => {
  const silent = await listen(createServer(() => undefined));
  await expect(send(webhook(silent, { timeoutMs: 50 }))).rejects.toThrow(/^http:\/\/127\.0\.0\.1:\d+ did not answer within 0\.05 s$/);
  await expect(send(webhook(1))).rejects.toThrow(/^http:\/\/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)$/);
  await expect(send(webhook(1, { url: 'file:///etc/passwd' }))).rejects.toThrow(/not an http/);
});

test('ntfy gets title, text and priority', async () => {
  const { port, got } = await httpServer(200);
  const url = `http://127.0.0.1:${String(port)}`;
  await send({ type: 'ntfy', url, topic: 'home', token: 'tk_1', allowPrivate: true, timeoutMs: 2000 });
  expect(got[0]?.headers.authorization).toBe('Bearer tk_1');
  expect(JSON.parse(got[0]?.body ?? '')).toEqual({ topic: 'home', title: MESSAGE.title, message: MESSAGE.text, priority: 4 });
});

test('a file gets one line of JSON for each message and is its owner’s alone', async () => {
  const path = join(folder, 'alerts.ndjson');
  await send({ type: 'file', path });
  await send({ type: 'file', path });
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual([MESSAGE.id, MESSAGE.id]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  symlinkSync(path, join(folder, 'link'));
  await expect(send({ type: 'file', path: join(folder, 'link') })).rejects.toThrow(/ELOOP/);
  await expect(send({ type: 'file', path: join(folder, 'none', 'x') })).rejects.toThrow(/ENOENT/);
});

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('a command gets the message on its input, its arguments as they are, and nothing of our environment', async () => {
  const out = join(folder, 'out');
  process.env['HS_TEST_SECRET'] = 'hunter2';
  await send({
    type: 'command',
    command: [script('take', `cat > "$1"; env >> "$1"; echo "$2" >> "$1"`), out, '$(id) ; `id`'],
    timeoutMs: 5000,
  });
  delete process.env['HS_TEST_SECRET'];
  const [json = '', ...rest] = readFileSync(out, 'utf8').split('\n');
  expect(JSON.parse(json)).toMatchObject({ id: MESSAGE.id, event: { id: 7 } });
  expect(rest.join('\n')).not.toContain('hunter2');
  expect(rest).toContain('$(id) ; `id`');
});

test('a command that fails, hangs or is not there did not take the message', async () => {
  await expect(send({ type: 'command', command: [script('fail', 'echo broken >&2; exit 3')], timeoutMs: 5000 })).rejects.toThrow(
    /ended with 3: broken/,
  );
  const begun = Date.now();
  await expect(send({ type: 'command', command: [script('hang', 'sleep 60 & sleep 60')], timeoutMs: 200 })).rejects.toThrow(
    /took longer than 0.2 s/,
  );
  expect(Date.now() - begun).toBeLessThan(5000);
  await expect(send({ type: 'command', command: [join(folder, 'nothing')], timeoutMs: 5000 })).rejects.toThrow(/cannot be run \(ENOENT\)/);
  await send({ type: 'command', command: ['/bin/true'], timeoutMs: 5000 });
});

/** A mail server that takes everything, or answers each recipient with a code of trouble. */
async function mailServer(recipientCode = 250): Promise<{ port: number; mails: string[]; tries: () => number }> {
  const mails: string[] = [];
  let tries = 0;
  const server = createServer((socket) => {
    let inData = false;
    let buffer = '';
    socket.on('error', () => undefined);
    socket.write('220 sink\r\n');
    socket.setEncoding('utf8').on('data', (text: string) => {
      buffer += text;
      for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        if (inData) {
          mails.push(`${mails.pop() ?? ''}${line}\n`);
          if (line !== '.') continue;
          inData = false;
          socket.write('250 kept\r\n');
        } else if (line === 'DATA') {
          inData = true;
          mails.push('');
          socket.write('354 go on\r\n');
        } else if (line.startsWith('RCPT')) {
          tries += 1;
          socket.write(`${String(recipientCode)} so\r\n`);
        } else socket.write(line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
      }
    });
  });
  return { port: await listen(server), mails, tries: () => tries };
}

const email = (port: number): ChannelConfig => ({
  type: 'email',
  host: '127.0.0.1',
  port,
  security: 'none',
  username: undefined,
  password: undefined,
  from: 'hs@example.org',
  to: ['me@example.org'],
  timeoutMs: 2000,
});

test('a mail server gets the message as a mail', async () => {
  const { port, mails } = await mailServer();
  await send(email(port));
  expect(mails).toHaveLength(1);
  expect(mails[0]).toMatch(/^To: me@example\.org$/m);
  expect(mails[0]).toMatch(/^Subject: =\?UTF-8\?/m);
  expect(mails[0]).toContain('Somebody is there');
});

test('a mail server that is busy is tried again, one that refuses is not', async () => {
  const busy = await mailServer(450);
  await expect(send(email(busy.port))).rejects.toThrow(/refused the mail with 450/);
  expect(busy.tries()).toBe(4);
  const strict = await mailServer(550);
  await expect(send(email(strict.port))).rejects.toThrow(/refused the mail with 550/);
  expect(strict.tries()).toBe(1);
  await expect(send(email(1))).rejects.toThrow(/ECONNREFUSED|ESOCKET|ECONNECTION/);
});

test.each([
  ['a greeting', '', '220-not yet\r\n'],
  ['an answer', '220 here\r\n', '250-more\r\n'],
])('a mail server that never ends %s is given up in time, and so is its connection', async (_case, first, again) => {
  let isOpen = false;
  const server = createServer((socket) => {
    isOpen = true;
    socket.write(first);
    const timer = setInterval(() => socket.write(again), 20);
    socket
      .on('error', () => undefined)
      .on('close', () => {
        clearInterval(timer);
        isOpen = false;
      });
  });
  const port = await listen(server);
  const begun = Date.now();
  await expect(sendMessage({ ...email(port), timeoutMs: 300 } as ChannelConfig, MESSAGE, { retryDelaysMs: [] })).rejects.toThrow(
    /did not take the mail within 0\.3 s|failed/,
  );
  expect(Date.now() - begun).toBeLessThan(3000);
  await expect.poll(() => isOpen).toBe(false);
});

test('a message that is on its way is given up with the stop request', async () => {
  const silent = await listen(createServer((socket) => socket.on('error', () => undefined)));
  const mqtt: ChannelConfig = {
    type: 'mqtt',
    url: `mqtt://127.0.0.1:${String(silent)}`,
    topic: 't',
    username: undefined,
    password: undefined,
    timeoutMs: 60_000,
  };
  const mail = { ...email(silent), timeoutMs: 60_000 } as ChannelConfig;
  for (const channel of [mqtt, mail]) {
    const begun = Date.now();
    await expect(sendMessage(channel, MESSAGE, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    expect(Date.now() - begun).toBeLessThan(3000);
  }
});

test('a broker gets the message, and one that is not there fails', async () => {
  const broker = await Aedes.createBroker();
  const published: string[] = [];
  broker.on('publish', (packet, client) => {
    if (client !== null) published.push(`${packet.topic} ${packet.payload.toString()}`);
  });
  const port = await listen(
    createServer((socket) => {
      broker.handle(socket);
    }),
  );
  open.push(() => {
    broker.close();
  });
  await send({
    type: 'mqtt',
    url: `mqtt://127.0.0.1:${String(port)}`,
    topic: 'home/alerts',
    username: undefined,
    password: undefined,
    timeoutMs: 3000,
  });
  expect(published).toHaveLength(1);
  expect(published[0]).toMatch(/^home\/alerts \{.*"id":"0192f0c0/);
  await expect(
    send({ type: 'mqtt', url: 'mqtt://127.0.0.1:1', topic: 't', username: undefined, password: undefined, timeoutMs: 500 }),
  ).rejects.toThrow(/broker cannot be reached/);
});
