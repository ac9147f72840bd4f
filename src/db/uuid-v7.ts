import { randomBytes } from 'node:crypto';

/** Ids that begin with the same millisecond are told apart by a count of 12 bits. */
const PER_MS = 4096;

let latest = 0;

/**
 * A UUID whose first 48 bits are the time in ms (RFC 9562, method 1): ids made later sort later, so indexes grow at their end
 * and lines written in the same millisecond keep their order.
 */
export function uuidV7(): string {
  latest = Math.max(Date.now() * PER_MS, latest + 1);
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Math.floor(latest / PER_MS), 0, 6);
  bytes.writeUInt16BE(0x7000 | (latest % PER_MS), 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
