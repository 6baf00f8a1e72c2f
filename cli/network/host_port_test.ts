/**
 * @module
 */
import { deepEqual, equal, throws } from "node:assert/strict";
import { formatHostPort, parseHostPort } from "./host_port.ts";

Deno.test("addresses are read with and without a port", () => {
  deepEqual(parseHostPort("192.168.1.20", 7400), { host: "192.168.1.20", port: 7400 });
  deepEqual(parseHostPort("pi.local:7401", 7400), { host: "pi.local", port: 7401 });
  deepEqual(parseHostPort("[fe80::1%eth0]:7401", 7400), { host: "fe80::1%eth0", port: 7401 });
  deepEqual(parseHostPort("[::1]", 7400), { host: "::1", port: 7400 });
  deepEqual(parseHostPort("fd00::20", 7400), { host: "fd00::20", port: 7400 });
});

Deno.test("what is no address is refused", () => {
  for (
    const text of ["", ":7400", "pi:0", "pi:99999", "http://pi:7400", "pi:7400/x", "a b", "[::1]x"]
  ) {
    throws(() => parseHostPort(text, 7400), /is no address/);
  }
});

Deno.test("an IPv6 address stands in brackets before a port", () => {
  equal(formatHostPort("::1", 7400), "[::1]:7400");
  equal(formatHostPort("192.168.1.20", 7400), "192.168.1.20:7400");
});
