/**
 * A second step as a later version may bring it, for both databases.
 *
 * @module
 */
import { type Migration, MIGRATIONS } from "@fleetd/server";

const COPY = "INSERT INTO groups_of_devices (name) SELECT handle FROM devices";
const NOTE = "ALTER TABLE devices ADD COLUMN note TEXT";

/** Its step. */
export const SECOND: Migration = {
  version: MIGRATIONS.length + 1,
  name: "second",
  sqlite: [
    "CREATE TABLE groups_of_devices (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT",
    COPY,
    NOTE,
  ],
  postgres: [
    "CREATE TABLE groups_of_devices (id BIGINT GENERATED ALWAYS AS IDENTITY, name TEXT NOT NULL)",
    COPY,
    NOTE,
  ],
};

/** All steps of that later version. */
export const NEWER: readonly Migration[] = [...MIGRATIONS, SECOND];
