import { deepEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { frame, FRAME_BYTES, RECORD_MAX_BYTES, unframe } from "./frames.ts";

const CASES = Deno.env.get("FLEETD_CI") ? 100_000 : 2_000;
const records = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 8 });

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

Deno.test("what is cut off or overwritten anywhere leaves the records before it, whole", () => {
  fc.assert(
    fc.property(records, fc.nat(), fc.uint8Array({ maxLength: 20 }), (all, cut, junk) => {
      const bytes = joined(all.map(frame));
      const at = bytes.length === 0 ? 0 : cut % bytes.length;
      const read = unframe(joined([bytes.subarray(0, at), junk]));
      let whole = 0;
      for (let end = 0; whole < all.length; whole++) {
        end += FRAME_BYTES + all[whole]!.length;
        if (end > at) break;
      }
      deepEqual(read.slice(0, whole), all.slice(0, whole));
    }),
    { numRuns: CASES },
  );
});

Deno.test("records come back as they went in", () => {
  fc.assert(
    fc.property(records, (all) => deepEqual(unframe(joined(all.map(frame))), all)),
    { numRuns: CASES },
  );
});

Deno.test("a flipped bit never makes another record", () => {
  const record = Uint8Array.of(1, 2, 3);
  for (let bit = 0; bit < (FRAME_BYTES + 3) * 8; bit++) {
    const bytes = frame(record);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    deepEqual(unframe(bytes), []);
  }
});

Deno.test("records have at least one byte and a longest length", () => {
  throws(() => frame(new Uint8Array(0)), RangeError);
  throws(() => frame(new Uint8Array(RECORD_MAX_BYTES + 1)), RangeError);
});
