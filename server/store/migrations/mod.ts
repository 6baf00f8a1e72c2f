/**
 * @module
 * Every migration in order.
 */
import type { Migration } from "./migration.ts";
import { FIRST_FLEET } from "./0001_first_fleet.ts";
import { USERS } from "./0002_users.ts";
import { DEVICE_CONDITIONS } from "./0003_conditions.ts";

/** Applied from the first missing one onwards; the last one's version is this program's schema. */
export const MIGRATIONS: readonly Migration[] = [FIRST_FLEET, USERS, DEVICE_CONDITIONS];
