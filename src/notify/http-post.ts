import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { ChannelError, codeOf } from './channel.ts';
import { resolveHost, type CheckedAddress } from './public-address.ts';

type PostOptions = {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  allowPrivate: boolean;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
};

const TEMPORARY = new Set([408, 425, 429]);

/**
 * Posts a body and resolves when any 2xx answer comes; follows no redirect and connects to the very address that was checked. Throws
 * `ChannelError` otherwise.
 */
export async function httpPost(options: PostOptions): Promise<void> {
  const url = parseUrl(options.url);
  const checked = await resolveHost(url.hostname, options);
  const status = await post(url, checked, options);
  if (status >= 200 && status < 300) return;
  const isTemporary = status >= 500 || TEMPORARY.has(status);
  throw new ChannelError(`${url.origin} answered with ${String(status)}`, { isTemporary });
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new ChannelError('its url is not an http:// or https:// URL', { isTemporary: false });
}

function post(url: URL, { address, family }: CheckedAddress, options: PostOptions): Promise<number> {
  const { headers, body, timeoutMs } = options;
  const signals = [AbortSignal.timeout(timeoutMs), ...(options.signal === undefined ? [] : [options.signal])];
  const lookup: LookupFunction = (_, wanted, done) => {
    if (wanted.all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      const isLate = signals[0]?.aborted === true;
      const what = isLate ? `did not answer within ${String(timeoutMs / 1000)} s` : `cannot be reached (${codeOf(cause)})`;
      reject(new ChannelError(`${url.origin} ${what}`, { isTemporary: true, cause }));
    };
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(url, {
      method: 'POST',
      headers: { ...headers, ...length },
      lookup,
      agent: false,
      signal: AbortSignal.any(signals),
    });
    sent.on('error', fail);
    sent.on('response', (response: IncomingMessage) => {
      // What it says does not matter, and may be endless.
      response.on('error', () => undefined);
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    sent.end(body);
  });
}
