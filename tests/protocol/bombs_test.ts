import assert from "node:assert/strict";
import process from "node:process";
import {
  decodeItem,
  helloCodec,
  metricsBatchCodec,
  ProtocolError,
  readMap,
  syncRequestCodec,
  syncRequestFields,
} from "@fleetd/firmware-protocol";

const KIB_64 = 65_536;
const RUNS = 41;
/** The bound is 1 ms; what is measured is some hundred times less. */
const BOUND_MS = 1;
const BOUND_BYTES = 256 * 1_024;

/** Every way in that a stranger's bytes can take. */
const READERS: readonly (readonly [name: string, read: (bytes: Uint8Array) => unknown])[] = [
  ["readMap", (bytes) => readMap(bytes)],
  ["decodeItem", (bytes) => decodeItem(bytes)],
  ["hello", helloCodec.decode],
  ["sync request", syncRequestCodec.decode],
  ["metrics batch", metricsBatchCodec.decode],
  ["inventory section", syncRequestFields.inventory.decode],
  ["logs section", syncRequestFields.logs.decode],
  ["reports section", syncRequestFields.reports.decode],
  ["holds section", syncRequestFields.holds.decode],
];

function hex(text: string): Uint8Array {
  return Uint8Array.fromHex(text);
}

/** 64 KiB that start so and go on with one byte, or with some bytes over and over. */
function filled(start: string, ...pattern: number[]): Uint8Array {
  const bytes = new Uint8Array(KIB_64);
  for (let at = 0; at < bytes.length; at++) bytes[at] = pattern[at % pattern.length] as number;
  bytes.set(hex(start));
  return bytes;
}

const BOMBS: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ...["9affffffff", "9bffffffffffffffff", "bbffffffffffffffff", "baffffffff", "5bffffffffffffffff"]
    .map((text) => [text, hex(text)] as const),
  ...[
    "7bffffffffffffffff",
    "5affffffff",
    "9bff",
    "a1009affffffff",
    "a10c9affffffff",
    "a1129affffffff",
  ]
    .map((text) => [text, hex(text)] as const),
  ...["9f9f9f9f9f", "bfbfbfbfbf", "5f5f5f5f5f", "8181818181", "a100a100a100a100"]
    .map((text) => [text, hex(text)] as const),
  ["64 KiB of nested arrays", filled("81", 0x81)],
  ["64 KiB of nested maps", filled("a100", 0xa1, 0x00)],
  ["64 KiB of nested arrays behind an unknown key", filled("a119ea60", 0x81)],
  ["64 KiB of tiny items", filled("99fffd", 0x00)],
  ["64 KiB of tiny items in columns", filled("a10c a109 99fff8".replaceAll(" ", ""), 0x83, 0, 0)],
  ["64 KiB of empty arrays", filled("a119ea6099fff7", 0x80)],
  ["64 KiB of empty texts", filled("a11299fff9", 0x60)],
  ["64 KiB of a map with 32,766 entries", filled("b97ffe", 0x00)],
  ["64 KiB of heads of maps with 65,535 entries", filled("b9ffff", 0xb9, 0xff, 0xff)],
  ["64 KiB of heads of arrays with 2^32 − 1 items", filled("9a", 0xff, 0xff, 0xff, 0xff, 0x9a)],
  ["64 KiB of arrays of arrays just under the limits", filled("8f", 0x8f, 0x8f, 0x8f, 0x8f, 0x00)],
  ["64 KiB of bytes that end too late", filled("a119ea605affffffff", 0x41)],
  ["64 KiB of text that is no text", filled("a119ea6079fff5", 0xff)],
];

Deno.test("bombs of 5 bytes and of 64 KiB are refused with a code in under a millisecond and leave no memory", () => {
  for (const [name, bomb] of BOMBS) {
    for (const [reader, read] of READERS) {
      const times: number[] = [];
      const grown: number[] = [];
      for (let run = 0; run < RUNS; run++) {
        const before = process.memoryUsage();
        const start = performance.now();
        try {
          read(bomb);
          assert.fail(`${reader} accepts ${name}`);
        } catch (error) {
          times.push(performance.now() - start);
          assert.ok(error instanceof ProtocolError, `${reader}: ${name}: ${error}`);
        }
        const after = process.memoryUsage();
        grown.push(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers);
      }
      assert.ok(median(times) < BOUND_MS, `${reader}: ${name} takes ${median(times)} ms`);
      assert.ok(median(grown) < BOUND_BYTES, `${reader}: ${name} costs ${median(grown)} bytes`);
    }
  }
});

Deno.test("the largest allowed number of items is read in milliseconds, one more is refused", () => {
  const items = (count: number) => {
    const bytes = new Uint8Array(count + 7);
    bytes.set([0xa1, 0x19, 0xea, 0x60, 0x99, count >> 8, count & 0xff]);
    return bytes;
  };
  // The map, its key, the array, and its entries: 4,096 in all.
  assert.equal(readMap(items(4_093)).size, 1);
  assert.throws(() => readMap(items(4_094)), { code: "cbor.too_many_items" });
});

Deno.test("six levels are read, seven are refused", () => {
  assert.equal(readMap(hex("a10081818181" + "80")).size, 1);
  assert.throws(() => readMap(hex("a1008181818181" + "80")), { code: "cbor.too_deep" });
});

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}
