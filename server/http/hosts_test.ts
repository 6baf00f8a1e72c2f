import assert from "node:assert/strict";
import { hostAllowList, hostOf } from "./hosts.ts";

const machine = {
  hostname: () => "Farm-Pi",
  addresses: () => ["192.168.1.7", "fe80::1%eth0", "2001:db8::7"],
};

Deno.test("the Host allow-list answers to this machine's names and addresses, whatever the port", () => {
  const allowed = hostAllowList(["fleet.example"], { machine });
  for (
    const host of [
      "localhost",
      "localhost:8080",
      "LOCALHOST:1",
      "127.0.0.1:8080",
      "127.9.9.9",
      "[::1]:8080",
      "192.168.1.7:8080",
      "[2001:db8::7]:80",
      "[fe80::1]",
      "farm-pi",
      "farm-pi.local:8080",
      "fleet.example:443",
      "localhost.",
    ]
  ) assert.equal(allowed(host), true, host);
});

Deno.test("the Host allow-list refuses names that an attacker can point here", () => {
  const allowed = hostAllowList(["fleet.example"], { machine });
  for (
    const host of [
      undefined,
      "",
      "evil.example",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "fleet.example.evil",
      "192.168.1.8",
      "0.0.0.0",
      "2130706433",
      "local host",
      "localhost:port",
      "localhost:80:80",
      "user@localhost",
      "localhost/",
      "[::1",
      "::1",
      "-localhost",
      "a".repeat(300),
    ]
  ) assert.equal(allowed(host), false, String(host));
});

Deno.test("an address the machine gets later is answered to once it is read again", () => {
  const addresses = ["192.168.1.7"];
  let now = 0;
  const allowed = hostAllowList([], {
    machine: { hostname: () => "pi", addresses: () => addresses },
    nowMs: () => now,
  });
  assert.equal(allowed("10.0.0.5"), false);
  addresses.push("10.0.0.5");
  now = 9_999;
  assert.equal(allowed("10.0.0.5"), false);
  now = 10_000;
  assert.equal(allowed("10.0.0.5"), true);
});

Deno.test("hostOf takes ports, brackets and a root dot off", () => {
  assert.equal(hostOf("Fleet.Example.:8080"), "fleet.example");
  assert.equal(hostOf("[2001:DB8::1]:8080"), "2001:db8::1");
  assert.equal(hostOf("a..b"), "a..b");
  assert.equal(hostOf("exa mple"), undefined);
});
