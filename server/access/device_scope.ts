/**
 * @module
 * Which devices a caller may see and change. Every list and every get takes one; a device outside the
 * scope answers exactly as one that does not exist.
 */

/** Devices that carry all of these labels; no labels = every device of the fleet. */
export interface DeviceScope {
  /** Label key to required value, at most 8 pairs. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The scope of the fleet's own work and of API tokens made without `scope`. */
export const WHOLE_FLEET: DeviceScope = Object.freeze({ labels: Object.freeze({}) });

/** Whether the scope leaves nothing out. */
export function isWholeFleet(scope: DeviceScope): boolean {
  return Object.keys(scope.labels).length === 0;
}

/** Whether a device with these labels lies inside the scope. */
export function scopeContains(
  scope: DeviceScope,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(scope.labels).every(([key, value]) => labels[key] === value);
}
