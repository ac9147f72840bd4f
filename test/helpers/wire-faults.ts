import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** Elsewhere, where nobody is to be sent to. */
export const ELSEWHERE = 'http://127.0.0.1:9/elsewhere';

const BODY_BYTES = 50_000_000;
const BLOCK = Buffer.alloc(65_536, ' ');
const EVERY_MS = 100;
let bomb: Buffer | undefined;

/** What any HTTP server, or the way to it, does wrong. Each begins its misdeed and returns. */
export const WIRE_FAULTS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'reset before the answer': (response) => {
    response.socket?.resetAndDestroy();
  },
  'reset in the body': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' }).write('{"choices": [');
    setTimeout(() => response.socket?.resetAndDestroy(), 5);
  },
  'end in the body': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' }).write('{"choices": [');
    setTimeout(() => response.socket?.end(), 5);
  },
  'no answer': () => undefined,
  'no end of the body': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"choices": [');
  },
  'a byte at a time': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    again(response, () => response.write(' '));
  },
  'headers without end': (response) => {
    response.socket?.write('HTTP/1.1 200 OK\r\n');
    again(response, () => response.socket?.write(`x-more: ${'x'.repeat(500)}\r\n`));
  },
  'interim answers without end': (response) => {
    again(response, () => {
      response.writeProcessing();
    });
  },
  'no HTTP': (response) => {
    response.socket?.end('\x15\x03\x01\x00\x02\x02\x28');
  },
  '429': (response) => {
    response.writeHead(429, { 'retry-after': '0.1' }).end('{"error": "slow down"}');
  },
  '429 for a day': (response) => {
    response.writeHead(429, { 'retry-after': '86400' }).end('{"error": "come back tomorrow"}');
  },
  '500': (response) => {
    response.writeHead(500).end('Internal Server Error');
  },
  'a redirect': (response) => {
    response.writeHead(307, { location: ELSEWHERE }).end();
  },
  '50 MB': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(BODY_BYTES) });
    pour(response, BODY_BYTES);
  },
  'a bomb': (response) => {
    bomb ??= gzipSync(Buffer.alloc(BODY_BYTES, ' '));
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb);
  },
  'another encoding': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('{"choices": []}');
  },
  'another content type': (response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Log in to this network</body></html>');
  },
  'half a document': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices": [{"index": 0, "message": {"role": "assis');
  },
  'another form': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('[[[{"choices": "none", "model": 7}]]]');
  },
};

/** Until whoever asked has had enough. */
function again(response: ServerResponse, write: () => unknown): void {
  const timer = setInterval(write, EVERY_MS);
  response.socket?.on('close', () => {
    clearInterval(timer);
  });
}

function pour(response: ServerResponse, leftBytes: number): void {
  if (leftBytes <= 0 || response.destroyed) {
    response.end();
    return;
  }
  const block = BLOCK.subarray(0, Math.min(BLOCK.length, leftBytes));
  const next = (): void => {
    pour(response, leftBytes - block.length);
  };
  if (response.write(block)) setImmediate(next);
  else response.once('drain', next);
}
