import assert from "node:assert/strict";
import { type AdmissionFacts, decideAdmission } from "./admission.ts";

const STRANGER: AdmissionFacts = {
  known: null,
  hasToken: false,
  deviceIdHeld: false,
  serialHeld: false,
  mode: "manual",
  privateAddress: true,
};

Deno.test("a stranger without a token waits for an administrator", () => {
  assert.deepEqual(decideAdmission(STRANGER), {
    admission: "pending",
    consumeToken: false,
    tofu: false,
  });
});

Deno.test("a token admits a new or pending device and is consumed", () => {
  for (const known of [null, "pending"] as const) {
    assert.deepEqual(decideAdmission({ ...STRANGER, known, hasToken: true }), {
      admission: "accepted",
      consumeToken: true,
      tofu: false,
    });
  }
});

Deno.test("an accepted key needs no token and consumes none", () => {
  assert.deepEqual(decideAdmission({ ...STRANGER, known: "accepted", hasToken: true }), {
    admission: "accepted",
    consumeToken: false,
    tofu: false,
  });
});

Deno.test("no token overrules an administrator's rejection or decommissioning", () => {
  for (const known of ["rejected", "decommissioned"] as const) {
    for (const mode of ["manual", "open"] as const) {
      assert.deepEqual(decideAdmission({ ...STRANGER, known, mode, hasToken: true }), {
        admission: known,
        consumeToken: false,
        tofu: false,
      });
    }
  }
});

Deno.test("a device id or serial of another key is pending even with a token or in open mode", () => {
  for (const held of [{ deviceIdHeld: true }, { serialHeld: true }]) {
    for (const mode of ["manual", "open"] as const) {
      const decision = decideAdmission({ ...STRANGER, ...held, mode, hasToken: true });
      assert.deepEqual(decision, { admission: "pending", consumeToken: false, tofu: false });
    }
  }
});

Deno.test("open mode admits private addresses only and marks them", () => {
  const open = { ...STRANGER, mode: "open" } as const;
  assert.deepEqual(decideAdmission(open), {
    admission: "accepted",
    consumeToken: false,
    tofu: true,
  });
  assert.equal(decideAdmission({ ...open, privateAddress: false }).admission, "pending");
});
