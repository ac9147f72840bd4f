const BYTES_PER_NUMBER = 4;

/** The vector as it is stored: float32, little-endian whatever the host. A number that float32 cannot hold is a RangeError. */
export function encodeVector(vector: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(vector.length * BYTES_PER_NUMBER);
  const view = new DataView(bytes.buffer);
  Array.from(vector).forEach((value, index) => {
    if (!Number.isFinite(Math.fround(value))) throw new RangeError(`number ${index} of the vector is ${value}: float32 cannot hold it`);
    view.setFloat32(index * BYTES_PER_NUMBER, value, true);
  });
  return bytes;
}

/** Reads what encodeVector wrote. Bytes that are no whole vector are a RangeError. */
export function decodeVector(bytes: Uint8Array): number[] {
  if (bytes.length % BYTES_PER_NUMBER !== 0) throw new RangeError(`${bytes.length} bytes are not a whole number of float32`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / BYTES_PER_NUMBER }, (_, index) => view.getFloat32(index * BYTES_PER_NUMBER, true));
}
