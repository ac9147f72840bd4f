import type { Socket } from 'node:net';

export type TcpFault = { protocol: 'smtp' | 'mqtt'; talk: (socket: Socket) => void };

const EVERY_MS = 50;
const CONNACK = Buffer.from([0x20, 0x02, 0x00, 0x00]);

/** What mail servers and brokers, or something else on their port, do wrong. */
export const TCP_FAULTS: Readonly<Record<string, TcpFault>> = {
  'mail: reset at once': smtp((socket) => socket.resetAndDestroy()),
  'mail: end at once': smtp((socket) => socket.end()),
  'mail: no greeting': smtp(() => undefined),
  'mail: a greeting without end': smtp((socket) => {
    again(socket, '220-not yet\r\n');
  }),
  'mail: a line without end': smtp((socket) => {
    again(socket, '2');
  }),
  'mail: an answer without end': smtp((socket) => {
    socket.write('220 here\r\n');
    socket.once('data', () => {
      again(socket, '250-more\r\n');
    });
  }),
  'mail: silence after the greeting': smtp((socket) => socket.write('220 here\r\n')),
  'mail: another protocol': smtp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  'mail: garbage': smtp((socket) => socket.write(Buffer.alloc(100_000, 0xff))),
  'mail: reset after the account': smtp((socket) => {
    socket.write('220 here\r\n');
    socket.on('data', (said: Buffer) => {
      if (said.toString().startsWith('EHLO')) socket.write('250-here\r\n250 AUTH PLAIN\r\n');
      else socket.resetAndDestroy();
    });
  }),
  'mail: repeats the password': smtp((socket) => {
    socket.write('220 here\r\n');
    socket.on('data', (said: Buffer) => {
      if (said.toString().startsWith('EHLO')) socket.write('250-here\r\n250 AUTH PLAIN\r\n');
      else
        socket.write(
          `535 ${Buffer.from(said.toString().split(' ').at(-1) ?? '', 'base64')
            .toString()
            .replaceAll('\0', ' ')}\r\n`,
        );
    });
  }),
  'broker: reset at once': mqtt((socket) => socket.resetAndDestroy()),
  'broker: end at once': mqtt((socket) => socket.end()),
  'broker: silence': mqtt(() => undefined),
  'broker: garbage': mqtt((socket) => socket.write(Buffer.alloc(1000, 0xff))),
  'broker: another protocol': mqtt((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  'broker: refuses the account': mqtt((socket) => {
    socket.once('data', () => socket.write(Buffer.from([0x20, 0x02, 0x00, 0x05])));
  }),
  'broker: silence after the welcome': mqtt(afterHello(() => undefined)),
  'broker: reset after the welcome': mqtt(afterHello((socket) => setTimeout(() => socket.resetAndDestroy(), 20))),
  'broker: garbage after the welcome': mqtt(afterHello((socket) => socket.write(Buffer.alloc(1000, 0xff)))),
  'broker: messages without end': mqtt(
    afterHello((socket) => {
      again(socket, Buffer.from([0x30, 0x05, 0x00, 0x01, 0x61, 0x62, 0x63]));
    }),
  ),
  'broker: a packet without end': mqtt(
    afterHello((socket) => {
      socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]));
      again(socket, Buffer.alloc(10_000, 0x61));
    }),
  ),
};

function smtp(talk: TcpFault['talk'] | ((socket: Socket) => unknown)): TcpFault {
  return { protocol: 'smtp', talk: (socket) => void talk(socket) };
}

function mqtt(talk: TcpFault['talk'] | ((socket: Socket) => unknown)): TcpFault {
  return { protocol: 'mqtt', talk: (socket) => void talk(socket) };
}

function afterHello(then: (socket: Socket) => unknown): (socket: Socket) => void {
  return (socket) => {
    socket.once('data', () => {
      socket.write(CONNACK);
      then(socket);
    });
  };
}

function again(socket: Socket, what: string | Buffer): void {
  const timer = setInterval(() => socket.write(what), EVERY_MS);
  socket.on('close', () => {
    clearInterval(timer);
  });
}
