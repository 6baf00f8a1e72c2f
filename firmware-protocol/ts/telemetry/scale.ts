/**
 * Values as integers of a power of ten. Dividing by an exact power of ten is correctly rounded, so a
 * decimal such as 0.123 comes back as the same double.
 *
 * @module
 */

const FINEST = -9;
const COARSEST = 9;
const POWERS = Array.from({ length: COARSEST + 1 }, (_, exponent) => 10 ** exponent);

/** integer × 10^scale, scale -9 to 9. */
export function fromScaled(integer: number, scale: number): number {
  const power = POWERS[Math.abs(scale)] as number;
  return scale < 0 ? integer / power : integer * power;
}

/** The nearest integer of a value in units of 10^scale; perhaps not a safe one. */
export function toScaled(value: number, scale: number): number {
  const power = POWERS[Math.abs(scale)] as number;
  // -0 is no integer of the wire.
  return Math.round(scale < 0 ? value * power : value / power) + 0;
}

/**
 * The coarsest scale that keeps every value exactly, or null where none does (the values then travel as
 * raw floats).
 *
 * @param values Finite numbers.
 */
export function exactScale(values: readonly number[]): number | null {
  let scale = COARSEST;
  for (const value of values) {
    while (!isExact(value, scale)) {
      scale--;
      if (scale < FINEST) return null;
    }
  }
  // All zero: any scale does, and none is the plainest.
  return values.every((value) => value === 0) ? 0 : scale;
}

function isExact(value: number, scale: number): boolean {
  const integer = toScaled(value, scale);
  return Number.isSafeInteger(integer) && fromScaled(integer, scale) === value;
}
