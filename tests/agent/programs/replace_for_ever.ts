/**
 * Replaces one file over and over, to be killed: `replace_for_ever.ts PATH COUNT`. The n-th content is 1,000 + n bytes of
 * value n (n from 1 to 255, then again). Prints a line after each; ends with code 3 when a replacement fails.
 *
 * @module
 */
import { DenoDisk, DiskError } from "@fleetd/agent";

const [path, count] = Deno.args;
if (path === undefined) throw new TypeError("Name the file");
const disk = new DenoDisk();
for (let round = 1; round <= Number(count); round++) {
  const value = (round - 1) % 255 + 1;
  try {
    await disk.replace(path, new Uint8Array(1_000 + value).fill(value));
  } catch (error) {
    console.log(error instanceof DiskError ? error.code : String(error));
    Deno.exit(3);
  }
  console.log(round);
}
