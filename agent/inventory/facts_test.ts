import assert from "node:assert/strict";
import { expandIpv6 } from "./addresses.ts";
import { countCpuList, osReleaseEntry } from "./operating_system.ts";

Deno.test("an os-release value loses its quotes and escapes", () => {
  const release =
    'ID=debian\nPRETTY_NAME="A \\"B\\" \\$C"\nNAME=\'Arch Linux\'\nEMPTY=\nVERSION_ID="12"\n';
  assert.equal(osReleaseEntry(release, "PRETTY_NAME"), 'A "B" $C');
  assert.equal(osReleaseEntry(release, "NAME"), "Arch Linux");
  assert.equal(osReleaseEntry(release, "ID"), "debian");
  assert.equal(osReleaseEntry(release, "EMPTY"), null);
  assert.equal(osReleaseEntry(release, "MISSING"), null);
});

Deno.test("processors on line are counted from ranges", () => {
  assert.equal(countCpuList("0"), 1);
  assert.equal(countCpuList("0-3"), 4);
  assert.equal(countCpuList("0-3,8,10-11"), 7);
  for (const odd of ["", "x", "3-1", "0-", "0,,1", "0-999999"]) {
    assert.equal(countCpuList(odd), null, odd);
  }
});

Deno.test("an IPv6 address is written out in full", () => {
  assert.equal(expandIpv6("2001:db8::42"), "20010db8000000000000000000000042");
  assert.equal(expandIpv6("::1"), "00000000000000000000000000000001");
  assert.equal(expandIpv6("fe80::"), "fe800000000000000000000000000000");
  assert.equal(expandIpv6("1:2:3:4:5:6:7:8"), "00010002000300040005000600070008");
});
