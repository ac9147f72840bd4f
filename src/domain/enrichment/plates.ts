import type { Size } from '../box.ts';

/** A plate is at most this much of its vehicle: an American one seen from behind is a fifth of its width, one of a motorcycle half. */
const WIDEST_SHARE = 0.6;
const LARGEST_SHARE = 0.12;

/** Whether something of this size can be the plate of a vehicle of that size. A detector of plates takes whole vehicles for one. */
export function canBePlate(plate: Size, vehicle: Size): boolean {
  const share = (plate.width * plate.height) / (vehicle.width * vehicle.height);
  return plate.width > plate.height && plate.width <= WIDEST_SHARE * vehicle.width && share <= LARGEST_SHARE;
}
