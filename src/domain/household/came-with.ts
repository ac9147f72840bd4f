import { bottomCentre, diagonal, type BoxXywh, type Point } from '../box.ts';

/** Longest time between a vehicle and whoever gets out of it. */
export const ARRIVAL_MS = 60_000;
const NEAR_DIAGONALS = 1.5;

/** Whether a person stands so near to a vehicle that it came with it: within 1.5 diagonals of the vehicle's box. */
export function standsBeside(person: BoxXywh, vehicle: BoxXywh): boolean {
  return distanceToBox(bottomCentre(person), vehicle) <= NEAR_DIAGONALS * diagonal(vehicle);
}

function distanceToBox({ x, y }: Point, box: BoxXywh): number {
  const outside = (value: number, low: number, size: number): number => Math.max(low - value, 0, value - (low + size));
  return Math.hypot(outside(x, box.x, box.width), outside(y, box.y, box.height));
}
