/**
 * @module
 * Opens a database by its name: the one place that knows which there are.
 */
import { isPostgresUrl } from "../database_url.ts";
import type { Database, OpenOptions } from "./database.ts";
import { MIGRATIONS } from "./migrations/mod.ts";
import { openSqlite } from "./sqlite_database.ts";

/**
 * Opens and migrates.
 * @throws DomainError store.schema_newer, store.migration_changed, store.foreign
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const whole = { ...options, migrations: options.migrations ?? MIGRATIONS };
  if (!isPostgresUrl(options.path)) return openSqlite(whole);
  // Whoever has a file does not load the other one's driver.
  const { openPostgres } = await import("./postgres_database.ts");
  return await openPostgres(whole);
}
