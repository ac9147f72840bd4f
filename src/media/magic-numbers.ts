/** What the first bytes say; undefined for text, web pages, playlists and everything unknown. */
export type ByteFamily = 'still' | 'video' | 'unsupported';

/** Matroska and WebM. */
const MATROSKA = '\x1aE\xdf\xa3';

/** First bytes as latin-1 text. */
const MAGICS: readonly { bytes: string; family: ByteFamily }[] = [
  { bytes: '\xff\xd8\xff', family: 'still' },
  { bytes: '\x89PNG\r\n\x1a\n', family: 'still' },
  { bytes: 'GIF87a', family: 'still' },
  { bytes: 'GIF89a', family: 'still' },
  { bytes: 'II*\0', family: 'still' },
  { bytes: 'MM\0*', family: 'still' },
  { bytes: MATROSKA, family: 'video' },
  { bytes: 'FLV\x01', family: 'video' },
  { bytes: 'DHAV', family: 'video' }, // Dahua
  { bytes: 'IMKH', family: 'video' }, // Hikvision's program stream
  { bytes: '\0\0\x01', family: 'video' }, // MPEG program stream, H.264 and H.265 elementary streams
  { bytes: '\0\0\0\x01', family: 'video' },
];

const RIFF_FORMS = new Map<string, ByteFamily>([
  ['WEBP', 'still'],
  ['AVI ', 'video'],
  ['AVIX', 'video'],
]);
const ISO_BOXES = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'styp', 'uuid']);
/** Brands of still pictures in an ISO container (HEIC, AVIF): no decoder for them is allowed here. */
const ISO_STILL_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'mif1', 'msf1', 'avif', 'avis']);
const TS_PACKET_SIZES = [188, 192, 204];
const TS_PACKETS_SEEN = 5;

/** MP4, QuickTime, 3GP: files made of ISO boxes. */
export function isIsoMedia(head: Uint8Array): boolean {
  return ISO_BOXES.has(latin1(head).slice(4, 8));
}

export function isMatroska(head: Uint8Array): boolean {
  return latin1(head).startsWith(MATROSKA);
}

export function familyOfBytes(head: Uint8Array): ByteFamily | undefined {
  const text = latin1(head);
  const isoBox = text.slice(4, 8);
  if (ISO_BOXES.has(isoBox)) return ISO_STILL_BRANDS.has(text.slice(8, 12)) && isoBox === 'ftyp' ? 'unsupported' : 'video';
  if (text.startsWith('RIFF')) return RIFF_FORMS.get(text.slice(8, 12));
  const magic = MAGICS.find(({ bytes }) => text.startsWith(bytes));
  if (magic) return magic.family;
  if (isBitmap(head, text)) return 'still';
  return isTransportStream(head) ? 'video' : undefined;
}

function latin1(head: Uint8Array): string {
  return Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
}

/** Two letters are too little to go by, so the size of the header that follows must be one that exists. */
function isBitmap(head: Uint8Array, text: string): boolean {
  return text.startsWith('BM') && [12, 40, 52, 56, 64, 108, 124].includes(head[14] ?? 0) && head[15] === 0;
}

/** A recording may begin in the middle of a packet: look for a row of sync bytes at any offset of one packet. */
function isTransportStream(head: Uint8Array): boolean {
  return TS_PACKET_SIZES.some((size) => {
    const packets = Math.min(TS_PACKETS_SEEN, Math.floor(head.length / size));
    if (packets < 3) return false;
    for (let start = 0; start < size; start += 1) {
      if (hasSyncRow(head, { start, size, packets })) return true;
    }
    return false;
  });
}

function hasSyncRow(head: Uint8Array, row: { start: number; size: number; packets: number }): boolean {
  for (let packet = 0; packet < row.packets; packet += 1) {
    const at = row.start + packet * row.size;
    if (at < head.length && head[at] !== 0x47) return false;
  }
  return true;
}
