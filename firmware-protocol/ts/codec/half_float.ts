/**
 * IEEE 754 binary16 (RFC 8949 Appendix D): exact conversions, nothing is rounded.
 *
 * @module
 */

const scratch = new DataView(new ArrayBuffer(4));

/**
 * The value of a half-precision float.
 *
 * @param bits 16 bits, 0 to 65,535.
 */
export function halfToNumber(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
  return sign * (1024 + mantissa) * 2 ** (exponent - 25);
}

/**
 * The bits of a finite single-precision value as a half-precision float, or -1 where that would lose
 * anything.
 *
 * @param value A finite number that is exact in single precision.
 */
export function numberToHalf(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127;
  const mantissa = bits & 0x7f_ffff;
  if (exponent === -127 && mantissa === 0) return sign;
  if (exponent >= -14 && exponent <= 15) {
    return (mantissa & 0x1fff) === 0 ? sign | ((exponent + 15) << 10) | (mantissa >> 13) : -1;
  }
  if (exponent < -24 || exponent > 15) return -1;
  const shift = -(exponent + 1);
  const whole = mantissa | 0x80_0000;
  return (whole & ((1 << shift) - 1)) === 0 ? sign | (whole >> shift) : -1;
}
