/** Longest camera id the `cameras` table accepts. */
const MAX_CAMERA_ID_BYTES = 100;

/**
 * The id of the camera a folder name stands for; '' when nothing usable is left.
 * Lower-casing is locale-free, so a Turkish machine gives the same ids as any other.
 */
export function normalizeCameraId(name: string): string {
  return (
    name
      .normalize('NFC')
      .trim()
      .toLowerCase()
      .replace(/[\s\u002D\u2010\u2011]+/gu, '_')
      .replace(/[^\p{L}\p{N}_]/gu, '')
      .replace(/_+/g, '_')
      .replace(/^_|_$/g, '')
      // Dropping a character can bring two Hangul letters together that compose.
      .normalize('NFC')
  );
}

export type CameraOfFileInput = {
  cameraFlag?: string | undefined;
  /** What `{camera}` of the matched template stood for. */
  templateCamera?: string | undefined;
  /** How many parts at the right end of the path the matched template covers: those folders are dates, not cameras. */
  templateDepth?: number | undefined;
  /** '/' separated, relative to the given root. */
  relativePath: string;
  rootName: string;
};

export type CameraOfFile = {
  id: string;
  name: string;
  /** Folder below the root that gave the name; '' is the root itself. */
  folder: string;
  from: 'flag' | 'template' | 'folder' | 'root';
};

export type CameraOfFileFailure = { failure: 'camera_unknown'; message: string };

/** The camera a file belongs to: `--camera`, else the template's `{camera}`, else the first folder below the root, else the root. */
export function cameraOfFile(input: CameraOfFileInput): CameraOfFile | CameraOfFileFailure {
  const named = nameOfCamera(input);
  const id = normalizeCameraId(named.name);
  if (id === '') return unknown(`no camera name can be made from ${quote(named)}`);
  if (Buffer.byteLength(id) > MAX_CAMERA_ID_BYTES) {
    return unknown(`the camera name from ${quote(named)} is longer than ${String(MAX_CAMERA_ID_BYTES)} bytes`);
  }
  return { id, ...named };
}

function nameOfCamera(input: CameraOfFileInput): Omit<CameraOfFile, 'id'> {
  if (input.cameraFlag !== undefined) return { name: input.cameraFlag.trim(), folder: '', from: 'flag' };
  if (input.templateCamera !== undefined) return { name: input.templateCamera, folder: '', from: 'template' };
  const parts = input.relativePath.split('/').filter((part) => part !== '');
  const folders = parts.slice(0, parts.length - Math.max(1, input.templateDepth ?? 1));
  const [first] = folders;
  if (first !== undefined) return { name: first, folder: first, from: 'folder' };
  return { name: input.rootName, folder: '', from: 'root' };
}

function quote(named: Omit<CameraOfFile, 'id'>): string {
  return `${named.from} ${JSON.stringify(named.name)}`;
}

function unknown(reason: string): CameraOfFileFailure {
  return { failure: 'camera_unknown', message: `${reason}; name one with --camera` };
}
