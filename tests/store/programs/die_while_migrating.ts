/**
 * Opens a database with one more migration and kills itself before the statement of that number.
 *
 * @module
 */
import { type Migration, MIGRATIONS, openDatabase } from "@fleetd/server";
import process from "node:process";

const [path = "", at = "0", second = "{}"] = Deno.args;
let left = Number(at);
await openDatabase({
  path,
  migrations: [...MIGRATIONS, JSON.parse(second) as Migration],
  onMigrationStatement: () => {
    if (left-- === 0) process.kill(process.pid, "SIGKILL");
  },
});
