import assert from "node:assert/strict";
import { isPrivateAddress } from "./private_address.ts";

Deno.test("private, link-local and loopback addresses are private, others are not", () => {
  for (
    const address of [
      "10.1.2.3",
      "172.16.0.1",
      "172.31.255.255",
      "192.168.1.1",
      "169.254.9.9",
      "127.0.0.1",
      "::1",
      "fe80::1%eth0",
      "fd12::1",
      "::ffff:192.168.1.1",
    ]
  ) {
    assert.equal(isPrivateAddress(address), true, address);
  }
  for (
    const address of ["8.8.8.8", "172.32.0.1", "192.169.0.1", "2001:db8::1", "::ffff:8.8.8.8", "x"]
  ) {
    assert.equal(isPrivateAddress(address), false, address);
  }
});
