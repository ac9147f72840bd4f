import { InvalidArgumentError } from 'commander';

/** Parser of a commander option. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a positive number');
  return value;
}
