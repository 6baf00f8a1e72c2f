import assert from "node:assert/strict";
import { isLoopback, limitKey, plainAddress } from "./address.ts";

Deno.test("loopback is 127.0.0.0/8 and ::1, also in its IPv4-mapped form", () => {
  for (const address of ["127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"]) {
    assert.equal(isLoopback(plainAddress(address)), true, address);
  }
  for (
    const address of [
      "128.0.0.1",
      "10.0.0.1",
      "::2",
      "::ffff:10.0.0.1",
      "fe80::1%lo",
      "unknown",
      "",
      undefined,
    ]
  ) {
    assert.equal(isLoopback(plainAddress(address)), false, String(address));
  }
});

Deno.test("limits count an IPv6 network of 64 bits as one caller and an IPv4 address as one", () => {
  assert.equal(limitKey("192.168.1.7"), "192.168.1.7");
  assert.equal(limitKey("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  assert.equal(limitKey("2001:db8:1:2::9"), "2001:db8:1:2::/64");
  assert.equal(limitKey("2001:0db8::9"), "2001:db8:0:0::/64");
  assert.equal(limitKey("::1"), "0:0:0:0::/64");
  assert.notEqual(limitKey("2001:db8:1:3::9"), limitKey("2001:db8:1:2::9"));
});
