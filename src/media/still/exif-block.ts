/** A TIFF structure as EXIF uses it: what reads it throws a RangeError where a pointer leads out of a cut or hostile block. */
export type ExifBlock = {
  view: DataView;
  isLittle: boolean;
  /** Tag → position of its 12-byte entry, of the first folder. */
  main: ReadonlyMap<number, number>;
};

/** Opens an EXIF block (with or without its `Exif\0\0` prefix) and hands it to `read`; undefined when it is none or damaged. Never throws a RangeError. */
export function withExifBlock<Found>(exif: Uint8Array, read: (block: ExifBlock) => Found | undefined): Found | undefined {
  const start = Buffer.from(exif.subarray(0, 4)).toString('latin1') === 'Exif' ? 6 : 0;
  const bytes = exif.subarray(start);
  const order = Buffer.from(bytes.subarray(0, 2)).toString('latin1');
  if (order !== 'II' && order !== 'MM') return undefined;
  const isLittle = order === 'II';
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return read({ view, isLittle, main: readEntries(view, view.getUint32(4, isLittle), isLittle) });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Tag → position of its 12-byte entry, of the folder at `at`. */
export function readEntries(view: DataView, at: number, isLittle: boolean): Map<number, number> {
  const entries = new Map<number, number>();
  const count = view.getUint16(at, isLittle);
  for (let index = 0; index < count; index += 1) {
    const entry = at + 2 + index * 12;
    entries.set(view.getUint16(entry, isLittle), entry);
  }
  return entries;
}
