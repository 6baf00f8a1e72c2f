/**
 * @module
 * The three roles of an administrator, each containing the one before it: a viewer reads, an operator
 * changes devices, an admin also hands out access and sees device ids.
 */

/** Every role, least first. */
export const ROLES = ["viewer", "operator", "admin"] as const;

/** What an API token may do. */
export type Role = (typeof ROLES)[number];

/** Whether a caller holding `held` may use what needs `needed`. */
export function roleAllows(held: Role, needed: Role): boolean {
  return ROLES.indexOf(held) >= ROLES.indexOf(needed);
}

/** The one of two roles that may do less. */
export function lesserRole(one: Role, other: Role): Role {
  return roleAllows(one, other) ? other : one;
}
