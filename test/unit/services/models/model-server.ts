import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a server misbehaves, request by request; the last one stays. */
export type Behaviour = 'good' | 'cut' | 'no-ranges' | 'busy' | 'gone' | 'stall' | 'wrong-bytes' | 'longer' | 'endless' | 'chunked-cut';

export type ModelServer = { url: string; requests: { range: string | undefined }[]; close(): Promise<void> };

/** Serves one file over HTTP and misbehaves as told. */
export async function serveModel(file: Uint8Array, behaviours: readonly Behaviour[]): Promise<ModelServer> {
  const requests: ModelServer['requests'] = [];
  const server = createServer((request, response) => {
    const behaviour = behaviours[Math.min(requests.length, behaviours.length - 1)] ?? 'good';
    requests.push({ range: request.headers.range });
    answer(behaviour, file, { request, response });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/model.onnx`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function answer(
  behaviour: Behaviour,
  file: Uint8Array,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): void {
  const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const from = asked === null || behaviour === 'no-ranges' ? 0 : Number(asked[1]);
  const rest = file.subarray(from);
  if (behaviour === 'busy') return void response.writeHead(503).end();
  if (behaviour === 'gone') return void response.writeHead(404).end();
  if (behaviour === 'wrong-bytes') return void response.writeHead(200, { 'content-length': file.length }).end(file.map((byte) => byte ^ 1));
  if (behaviour === 'longer')
    return void response.writeHead(200, { 'content-length': file.length + 1 }).end(new Uint8Array(file.length + 1));
  if (behaviour === 'endless') {
    writeForEver(response);
    return;
  }
  if (behaviour === 'chunked-cut') return void response.writeHead(200).end(file.subarray(0, 10));
  const range = { 'content-range': `bytes ${String(from)}-${String(file.length - 1)}/${String(file.length)}` };
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length, ...(from > 0 ? range : {}) });
  if (behaviour === 'stall') return void response.write(rest.subarray(0, 100));
  if (behaviour === 'cut') {
    response.write(rest.subarray(0, Math.ceil(rest.length / 3)), () => setTimeout(() => response.destroy(), 30));
    return;
  }
  response.end(rest);
}

function writeForEver(response: ServerResponse): void {
  response.writeHead(200);
  const chunk = new Uint8Array(64 * 1024);
  const write = (): void => {
    if (!response.destroyed) response.write(chunk, () => setImmediate(write));
  };
  write();
}
