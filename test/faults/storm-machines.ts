import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { SUPERUSER } from '../../src/db/embedded/create-cluster.ts';
import { layOutStore } from '../../src/db/embedded/store-layout.ts';
import { runHs } from '../helpers/run-hs.ts';

/** A home of its own, and a way of its own to the database of another one. Footage lies under the same paths on all. */
export type Machine = { env: Record<string, string>; link: Link };

/** A TCP connection as through a network that can be cut. */
export type Link = {
  port: number;
  /** For so long nothing comes through, and nobody hears that; then what was under way comes late, or the connections are found dead. */
  cut: (ms: number, isLost: boolean) => Promise<void>;
  isCut: () => boolean;
  close: () => Promise<void>;
};

type MachineOptions = { folder: string; serverHome: string; common: Readonly<Record<string, string>>; model: string | undefined };

export async function startMachine(name: string, { folder, serverHome, common, model }: MachineOptions): Promise<Machine> {
  const link = await startLink(layOutStore(serverHome).socket);
  const home = join(folder, name);
  await mkdir(home);
  const url = `postgresql://${SUPERUSER}@127.0.0.1:${String(link.port)}/postgres`;
  const env = { ...common, HS_HOME: home, HS_DATABASE_URL: url };
  if (model !== undefined) await installModel(env, model);
  return { env, link };
}

/** With one model installed that is the detector of the home. */
export async function installModel(env: Readonly<Record<string, string>>, model: string): Promise<void> {
  const { code, stderr } = await runHs(['models', 'install', '--from', model, '--accept-license', '--quiet'], { env, timeoutMs: 120_000 });
  if (code !== 0) throw new Error(`${model} could not be installed: ${stderr}`);
}

async function startLink(socketPath: string): Promise<Link> {
  const open = new Set<Socket>();
  let healed: Promise<void> | undefined;
  let isCut = false;
  const server = createServer((near) => {
    void (async () => {
      await healed;
      joinSockets(near, connect(socketPath), open);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async cut(ms, isLost) {
      const cutOff = [...open];
      isCut = true;
      for (const socket of cutOff) socket.pause();
      healed = new Promise((done) => setTimeout(done, ms));
      await healed;
      isCut = false;
      for (const socket of cutOff) {
        if (isLost) socket.destroy();
        else socket.resume();
      }
    },
    isCut: () => isCut,
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** The other end hears only what the link lets through. */
function joinSockets(near: Socket, far: Socket, open: Set<Socket>): void {
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    open.add(one);
    one.on('data', (bytes) => {
      if (!other.write(bytes)) one.pause();
    });
    other.on('drain', () => one.resume());
    one
      .on('error', () => undefined)
      .on('close', () => {
        open.delete(one);
        other.destroy();
      });
    one.on('end', () => other.end());
  }
}
