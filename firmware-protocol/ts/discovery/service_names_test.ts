/**
 * Names after conflicts, host labels, and the TXT records of FleetD's own services.
 *
 * @module
 */
import { deepEqual, equal, throws } from "node:assert/strict";
import {
  buildAgentTxt,
  buildServerTxt,
  parseAgentTxt,
  parseServerTxt,
  serverOf,
} from "./fleet_services.ts";
import { printable, readTxt, writeTxt } from "./printable_text.ts";
import { hostLabel, nextHost, nextInstance, shorten, typeName } from "./service_names.ts";

Deno.test("an instance is counted up in parentheses, within 63 bytes, never inside a letter", () => {
  equal(nextInstance("name"), "name (2)");
  equal(nextInstance("name (2)"), "name (3)");
  equal(nextInstance("name (9)"), "name (10)");
  equal(nextInstance("(2)"), "(2) (2)");
  const long = nextInstance("ä".repeat(31));
  equal(long, `${"ä".repeat(29)} (2)`);
  equal(new TextEncoder().encode(long).length, 62);
});

Deno.test("a host is counted up with a hyphen; the digits of a handle are not a count", () => {
  equal(nextHost("box"), "box-2");
  equal(nextHost("box-2"), "box-3");
  equal(nextHost("k7pq-2m4d-9xwa-2345"), "k7pq-2m4d-9xwa-2345-2");
  equal(nextHost("x".repeat(63)), `${"x".repeat(61)}-2`);
});

Deno.test("any text makes a host label", () => {
  equal(hostLabel("Küche. 2.4 GHz"), "kuche-2-4-ghz");
  equal(hostLabel("客厅"), "fleetd");
  equal(hostLabel("--a--"), "a");
  equal(hostLabel("x".repeat(100)).length, 59);
});

Deno.test("a service type is checked", () => {
  equal(typeName("_http._tcp"), "_http._tcp.local");
  for (
    const bad of ["http", "_http", "_http._xxx", "_-a._tcp", "_a-._tcp", "_1._tcp", "_a.b._tcp"]
  ) {
    throws(() => typeName(bad), RangeError, bad);
  }
  equal(shorten("añb", 2), "a");
});

Deno.test("TXT pairs: the first of equal keys counts, keys are of any case, values printable", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  deepEqual(
    readTxt(["A=1", "a=2", "flag", "e=", "x=y=z", "=n", "n\u00e4=1"].map(bytes)),
    { a: "1", flag: "", e: "", x: "y=z" },
  );
  const many = Array.from({ length: 500 }, (_, i) => bytes(`k${i}=v`));
  equal(Object.keys(readTxt(many)).length, 64);
  const proto = readTxt([bytes("__proto__=x")]);
  deepEqual(Object.entries(proto), [["__proto__", "x"]]);
  equal(Object.getPrototypeOf(proto), Object.prototype);
  equal(printable("a\u0000b\u2028c\u200bd\u{e0041}e"), "a\ufffdb\ufffdc\ufffdd\ufffde");
  deepEqual(readTxt(writeTxt({ v: "1.0", model: "Pi 5 ü" })), { v: "1.0", model: "Pi 5 ü" });
});

Deno.test("the TXT records of agents and servers are written and read", () => {
  const agent = { v: "1.0", model: "Pi", ver: "0.1.0", state: "accepted", h: "k7pq", fp: "abcd" };
  deepEqual(parseAgentTxt(buildAgentTxt(agent)), agent);
  const { fp: _, ...loose } = agent;
  deepEqual(parseAgentTxt(buildAgentTxt(loose)), loose);
  equal(parseAgentTxt({ v: "1.0" }), undefined);
  const server = { v: "1.0", fp: "abcdefgh", tls: "8443", path: "/fleet" };
  deepEqual(parseServerTxt(buildServerTxt(server)), server);
  deepEqual(buildServerTxt({ v: "1.0", fp: "a" }), { v: "1.0", fp: "a" });
  equal(parseServerTxt({ fp: "x" }), undefined);
});

Deno.test("a server's addresses become URLs, best first, those a URL cannot name left out", () => {
  const service = {
    type: "_fleets._tcp",
    instance: "Home",
    host: "x.local",
    port: 8080,
    addresses: ["127.0.0.1", "10.0.0.1", "fd00::1", "fe80::1%eth0"],
    txt: {},
    interfaceName: "lo",
  };
  const { urls } = serverOf(service, { v: "1.0", fp: "a", path: "/fleet" });
  deepEqual(urls, [
    "http://127.0.0.1:8080/fleet",
    "http://10.0.0.1:8080/fleet",
    "http://[fd00::1]:8080/fleet",
  ]);
  for (const path of ["fleet", "//evil", "/a/../b", "/a?b", "/a b", "/" + "x".repeat(200)]) {
    deepEqual(serverOf(service, { v: "1", fp: "a", path }).urls[0], "http://127.0.0.1:8080");
  }
});
