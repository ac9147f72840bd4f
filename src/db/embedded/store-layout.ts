import { createHash } from 'node:crypto';
import path from 'node:path';

/** `sun_path` of a Unix socket holds 107 bytes; the socket's own file name needs up to 20 of them. */
const MAX_SOCKET_FOLDER_BYTES = 80;

/** Where everything of one embedded store lies. All paths are absolute. */
export type StoreLayout = {
  home: string;
  data: string;
  /** Output of the server process. */
  log: string;
  /** While this file exists the last command does not stop the server. */
  keep: string;
  socketFolder: string;
  socket: string;
  lockFile: string;
};

/** The socket's port is only a part of its file name: no TCP port is opened. */
export const SOCKET_PORT = 5432;

/** Lays out the store under `<home>/db`; a home with a long path gets its socket in a short folder under /tmp. */
export function layOutStore(home: string): StoreLayout {
  const root = path.resolve(home, 'db');
  const wanted = path.join(root, 's');
  const socketFolder = Buffer.byteLength(wanted) <= MAX_SOCKET_FOLDER_BYTES ? wanted : shortSocketFolder(root);
  const data = path.join(root, 'data');
  return {
    home: root,
    data,
    log: path.join(root, 'log'),
    keep: path.join(root, 'keep'),
    socketFolder,
    socket: path.join(socketFolder, `.s.PGSQL.${String(SOCKET_PORT)}`),
    lockFile: path.join(data, 'postmaster.pid'),
  };
}

function shortSocketFolder(root: string): string {
  return path.join('/tmp', `hs-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`);
}
