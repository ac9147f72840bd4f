import { fileInput, type HostileInput } from './hostile-input.ts';
import { clip } from './video-inputs.ts';

/** MP4 files of a few hundred kilobytes whose tables say far more than they hold. */
export async function isoBombs(): Promise<HostileInput[]> {
  const bomb = (name: string, bytes: Buffer, ...outcomes: string[]): HostileInput =>
    fileInput('video bomb', `lies/${name}`, bytes, ...outcomes);
  const tiny = { size: '32x32', seconds: 20, fps: '1000', extra: ['-g', '20000'] };
  const fragmented = { name: 'fragmented.mp4', seconds: 2, extra: ['-movflags', '+frag_keyframe+empty_moov+default_base_moof'] };
  return [
    bomb('edits-100.mp4', withMoreEdits(await clip({ ...tiny, name: 'edits.mp4', hue: 240 }), 100), 'in'),
    bomb('edits-5000.mp4', withMoreEdits(await clip({ ...tiny, name: 'edits.mp4', hue: 241 }), 5000), 'in'),
    bomb('samples-100M.mp4', withRun(await clip({ ...fragmented, hue: 242 }), 100_000_000), 'listed'),
    bomb('samples-2G.mp4', withRun(await clip({ ...fragmented, hue: 243 }), 0x7fff_ffff), 'listed'),
    bomb('fragmented.mp4', await clip({ ...fragmented, hue: 244 }), 'in'),
  ];
}

/** The edit list plays all of the footage again and again. The index is the last box, so nothing else has to move. */
function withMoreEdits(bytes: Buffer, count: number): Buffer {
  const startOf = (name: string): number => bytes.indexOf(name, bytes.indexOf('moov', 0, 'latin1'), 'latin1') - 4;
  const list = startOf('elst');
  const end = list + bytes.readUInt32BE(list);
  const extra = Buffer.concat(Array.from({ length: count }, () => bytes.subarray(list + 16, list + 28)));
  for (const name of ['moov', 'trak', 'edts', 'elst']) {
    const at = startOf(name);
    bytes.writeUInt32BE(bytes.readUInt32BE(at) + extra.length, at);
  }
  bytes.writeUInt32BE(bytes.readUInt32BE(list + 12) + count, list + 12);
  return Buffer.concat([bytes.subarray(0, end), extra, bytes.subarray(end)]);
}

/** A fragment of so many samples without a byte for any of them. */
function withRun(bytes: Buffer, count: number): Buffer {
  const at = bytes.indexOf('trun', 0, 'latin1') + 4;
  bytes.writeUInt32BE(0, at);
  bytes.writeUInt32BE(count, at + 4);
  return bytes;
}
