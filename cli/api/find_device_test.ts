/**
 * @module
 */
import { deepEqual } from "node:assert/strict";
import { matchDevices } from "./find_device.ts";

const DEVICES = [
  { handle: "k7pq-2m4d-2xwa-b3ne", name: "kitchen" },
  { handle: "k7aa-bbbb-cccc-dddd", name: "k7pq" },
  { handle: "zzzz-yyyy-xxxx-wwww", name: null },
];

function matched(reference: string): string[] {
  return matchDevices(DEVICES, reference).map((d) => d.handle.slice(0, 4));
}

Deno.test("a device is meant by handle, name or the beginning of its handle, in any case", () => {
  deepEqual(matched("k7pq-2m4d-2xwa-b3ne"), ["k7pq"]);
  deepEqual(matched("Kitchen"), ["k7pq"]);
  deepEqual(matched("zz"), ["zzzz"]);
  deepEqual(matched("K7PQ2M"), ["k7pq"]);
});

Deno.test("a whole name wins over the beginning of another's handle", () => {
  deepEqual(matched("k7pq"), ["k7aa"]);
});

Deno.test("several may be meant, or none", () => {
  deepEqual(matched("k7"), ["k7pq", "k7aa"]);
  for (const reference of ["", "-", "9", "kitch", "zzzz-yyyy-xxxx-wwww-aaaa"]) {
    deepEqual(matched(reference), []);
  }
});
