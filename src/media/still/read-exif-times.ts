import { readEntries, withExifBlock, type ExifBlock } from './exif-block.ts';

/** Texts as in the file: `2026:01:14 08:15:00`, fraction digits, `+01:00`. They may be nonsense; the reader of times checks them. */
export type ExifTimes = { dateTimeOriginal?: string; subSec?: string; offset?: string };

const EXIF_IFD = 0x8769;
const ASCII = 2;
const MAX_TEXT_BYTES = 64;
/** DateTimeOriginal with its fraction and offset, else DateTimeDigitized with its own. */
const TAG_SETS = [
  { time: 0x9003, subSec: 0x9291, offset: 0x9011 },
  { time: 0x9004, subSec: 0x9292, offset: 0x9012 },
];

/** When the picture was taken, from an EXIF block (with or without its `Exif\0\0` prefix); undefined when it does not tell. Never throws. */
export function readExifTimes(exif: Uint8Array): ExifTimes | undefined {
  return withExifBlock(exif, readTimes);
}

function readTimes({ view, isLittle, main }: ExifBlock): ExifTimes | undefined {
  const pointer = main.get(EXIF_IFD);
  if (pointer === undefined) return undefined;
  const entries = readEntries(view, view.getUint32(pointer + 8, isLittle), isLittle);
  const text = (tag: number): string | undefined => readText(view, entries.get(tag), isLittle);
  for (const tags of TAG_SETS) {
    const time = text(tags.time);
    if (time === undefined || !/[1-9]/.test(time)) continue;
    const subSec = text(tags.subSec);
    const offset = text(tags.offset);
    return { dateTimeOriginal: time, ...(subSec !== undefined && { subSec }), ...(offset !== undefined && { offset }) };
  }
  return undefined;
}

function readText(view: DataView, entry: number | undefined, isLittle: boolean): string | undefined {
  if (entry === undefined || view.getUint16(entry + 2, isLittle) !== ASCII) return undefined;
  const count = view.getUint32(entry + 4, isLittle);
  const at = count <= 4 ? entry + 8 : view.getUint32(entry + 8, isLittle);
  if (at + count > view.byteLength) return undefined;
  const bytes = Buffer.from(view.buffer, view.byteOffset + at, Math.min(count, MAX_TEXT_BYTES));
  const text = (bytes.toString('latin1').split('\0')[0] ?? '').trim();
  return text === '' ? undefined : text;
}
