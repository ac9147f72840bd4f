import { createHash } from 'node:crypto';

/** A number from 0 to 1 that depends on the experiment and the event only, so that an event stays in its arm (§10.10). */
export function sha256UnitOf(experimentName: string, batchId: string): number {
  const hash = createHash('sha256').update(`${experimentName}\n${batchId}`).digest();
  return hash.readUInt32BE(0) / 2 ** 32;
}
