/**
 * Writes numbered rows in groups until it is killed, and prints each number once it is durable.
 *
 * @module
 */
import { openDatabase, queriesOf } from "@fleetd/server";
import { writeSync } from "node:fs";

const [path = "", from = "1"] = Deno.args;
const database = await openDatabase({ path });
let next = Number(from);

async function writer(): Promise<void> {
  for (;;) {
    const number = next++;
    await database.write((tx) =>
      queriesOf(tx).raw.run(
        "INSERT INTO events (at_ms, name, severity) VALUES (?, 'n', 6)",
        [number],
      )
    );
    writeSync(1, `${number}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, writer));
