/**
 * @module
 * What a device's figures say a person should see to, beside the device, so that lists can ask for it.
 */
import type { Migration } from "./migration.ts";

/** Names of conditions, a space between. No remembered session depends on another's change, so no revision grows. */
const column = (type: string) =>
  `ALTER TABLE devices ADD COLUMN conditions ${type} NOT NULL DEFAULT ''`;

/** Never edited once released: its checksum is recorded in every database. */
export const DEVICE_CONDITIONS: Migration = {
  version: 3,
  name: "conditions",
  sqlite: [column("TEXT")],
  postgres: [column(`TEXT COLLATE "C"`)],
};
